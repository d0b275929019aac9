package org.espalier.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.espalier.report.Chart.Axis;
import org.espalier.report.Chart.Colour;
import org.espalier.report.Chart.Look;
import org.espalier.report.Chart.Trace;

/** How the scores of all examples and of the chosen ones are spread: a figure for each selection, of a loop's for the first. */
final class SelectionCharts {
    private static final int BINS = 40;

    /** More would bury the rest of the page. */
    private static final int MOST = 6;

    private SelectionCharts() {}

    static List<Chart> of(List<SelectionFile> files) {
        List<Chart> charts = new ArrayList<>();
        for (SelectionFile file : files) {
            double least =
                    DoubleStream.of(file.score()).filter(Double::isFinite).min().orElse(0);
            double greatest =
                    DoubleStream.of(file.score()).filter(Double::isFinite).max().orElse(0);
            if (greatest > least && charts.size() < MOST && !file.again()) charts.add(histogram(file, least, greatest));
        }
        return charts;
    }

    private static Chart histogram(SelectionFile file, double least, double greatest) {
        double width = (greatest - least) / BINS;
        double[] x = new double[BINS];
        Arrays.setAll(x, bin -> least + (bin + 0.5) * width);
        return new Chart(
                "scores-" + Words.slug(file.name()),
                "Scores: " + file.name(),
                "How many examples have which score, in " + BINS + " steps: "
                        + file.about().path("rule").asText() + ".",
                Axis.linear("score"),
                Axis.linear("examples"),
                List.of(
                        trace("all", Look.DASHED, 5, x, counts(file, true, least, width)),
                        trace("selected", Look.LINE, 0, x, counts(file, false, least, width))));
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
