package org.espalier.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.espalier.report.Chart.Axis;
import org.espalier.report.Chart.Colour;
import org.espalier.report.Chart.Look;
import org.espalier.report.Chart.Scale;
import org.espalier.report.Chart.Trace;

/**
 * How the scores of all examples and of the chosen ones are spread: a figure for each selection, of a loop's and of several seeds' for
 * the first.
 */
final class SelectionCharts {
    private static final int BINS = 40;
    private static final double STEEP = 50;

    /** More would bury the rest of the page. */
    private static final int MOST = 6;

    private SelectionCharts() {}

    static List<Chart> of(List<SelectionFile> files) {
        List<Chart> charts = new ArrayList<>();
        Set<String> drawn = new HashSet<>();
        for (SelectionFile file : files) {
            double least =
                    DoubleStream.of(file.score()).filter(Double::isFinite).min().orElse(0);
            double greatest =
                    DoubleStream.of(file.score()).filter(Double::isFinite).max().orElse(0);
            if (greatest > least && charts.size() < MOST && !file.again() && drawn.add(file.own()))
                charts.add(histogram(file, least, greatest));
        }
        return charts;
    }

    private static Chart histogram(SelectionFile file, double least, double greatest) {
        double width = (greatest - least) / BINS;
        double[] x = new double[BINS];
        Arrays.setAll(x, bin -> least + (bin + 0.5) * width);
        double[] all = counts(file, true, least, width);
        return new Chart(
                "scores-" + Words.slug(file.name()),
                "Scores: " + file.name(),
                "How many examples have which score, in " + BINS + " steps: "
                        + file.about().path("rule").asText() + ".",
                Axis.linear("score"),
                counted(all),
                List.of(
                        trace("all", Look.DASHED, 5, x, all),
                        trace("selected", Look.LINE, 0, x, counts(file, false, least, width))));
    }

    /** Logarithmic where one step holds so many that all others would look empty. */
    private static Axis counted(double[] counts) {
        double[] sorted = Arrays.stream(counts).filter(c -> c > 0).sorted().toArray();
        double greatest = sorted[sorted.length - 1];
        if (greatest < STEEP * sorted[sorted.length / 2]) return Axis.linear("examples");
        List<Double> decades = new ArrayList<>();
        for (double decade = 1; decade <= greatest; decade *= 10) decades.add(decade);
        return new Axis("examples", Scale.LOG, decades);
    }

    private static double[] counts(SelectionFile file, boolean all, double least, double width) {
        double[] counts = new double[BINS];
        for (int i : file.examples(all))
            if (Double.isFinite(file.score()[i]))
                counts[Math.clamp((long) ((file.score()[i] - least) / width), 0, BINS - 1)]++;
        return counts;
    }

    private static Trace trace(String name, Look look, int colour, double[] x, double[] y) {
        return new Trace(name, name, look, Colour.distinct(colour), x, y, null, null);
    }
}
