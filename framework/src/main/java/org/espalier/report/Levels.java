package org.espalier.report;

import java.util.Set;
import java.util.stream.DoubleStream;
import org.espalier.experiment.Formula;

/**
 * Answers a formula's questions for one run.
 *
 * @param measured all metrics
 * @param run the run asked about
 */
record Levels(Measured measured, String run) implements Formula.Source {

    /** A formula over all runs. */
    static Spread spread(Measured measured, Formula formula) {
        return Spread.of(measured.runs().stream().mapToDouble(run -> formula.value(new Levels(measured, run))));
    }

    @Override
    public double value(String metric, String level) {
        Series series = measured.series(run, metric);
        if (level.startsWith(Formula.FIRST))
            return series.first(Double.parseDouble(level.substring(Formula.FIRST.length())));
        return switch (level) {
            case "last" -> series.last();
            case "max" -> finite(series).max().orElse(Double.NaN);
            case "min" -> finite(series).min().orElse(Double.NaN);
            case "dense" -> dense(metric, series);
            default ->
                level.endsWith(Formula.OF_EXAMPLES)
                        ? selected(metric, series, share(level.replace(Formula.OF_EXAMPLES, "")))
                        : near(metric, series, share(level));
        };
    }

    private static double share(String percent) {
        return Double.parseDouble(percent.substring(0, percent.length() - 1)) / 100;
    }

    /** The value with all weights left; where nobody counted weights, the first. */
    private double dense(String metric, Series series) {
        if (series.isEmpty()) return Double.NaN;
        double first = measured.weightsLeft(run, LevelCharts.step(metric), (int) series.steps()[0]);
        return Double.isNaN(first) ? series.values()[0] : near(metric, series, 1);
    }

    private double near(String metric, Series series, double share) {
        Set<Integer> turns = measured.turns(metric);
        return series.at(measured.turnNear(run, LevelCharts.step(metric), turns, share));
    }

    /** The value in the turn before which a selection kept about this share of the examples. */
    private double selected(String metric, Series series, double share) {
        String step = LevelCharts.step(metric);
        return series.at(Measured.nearest(measured.turns(metric), share, turn -> measured.shareSelected(step, turn)));
    }

    private static DoubleStream finite(Series series) {
        return DoubleStream.of(series.values()).filter(Double::isFinite);
    }
}
