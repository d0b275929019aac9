package org.espalier.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.espalier.experiment.ReportSpec;
import org.espalier.report.Chart.Axis;
import org.espalier.report.Chart.Colour;
import org.espalier.report.Chart.Look;
import org.espalier.report.Chart.Scale;
import org.espalier.report.Chart.Trace;

/** Figures with one point per turn: against the weights left where they are known, against the turn otherwise. */
final class LevelCharts {
    private final Measured measured;
    private final Map<String, String> names;

    LevelCharts(Measured measured, Map<String, String> names) {
        this.measured = measured;
        this.names = names;
    }

    /** The figure that a spec asks for. */
    Chart asked(String id, ReportSpec.Line line) {
        List<String> paths =
                line.of().stream().map(step -> step + "/" + line.y()).toList();
        Chart chart =
                chart(id, line.title().isEmpty() ? Words.sentence(line.y()) : line.title(), line.y(), paths, false);
        List<Trace> traces = new ArrayList<>(chart.traces());
        for (ReportSpec.Point point : line.points()) traces.add(point(point, Unit.of(line.y())));
        boolean levels = chart.x().scale() == Scale.LOG_FALLING;
        return new Chart(
                id, chart.title(), chart.caption(), levels ? weightsLeft(traces) : chart.x(), chart.y(), traces);
    }

    /** Figures that need no asking: layers, speed and bytes; every other metric as well if the spec names no figure. */
    List<Chart> automatic(boolean everything) {
        Map<String, List<String>> byMetric = new LinkedHashMap<>();
        for (String path : measured.perTurn()) {
            if (measured.turns(path).size() > 1 && !repeated(path)) {
                byMetric.computeIfAbsent(topic(leaf(path)), m -> new ArrayList<>())
                        .add(path);
            }
        }
        List<Chart> charts = new ArrayList<>();
        byMetric.forEach((topic, paths) -> {
            if (everything ? !topic.isEmpty() : ofWeights(topic, paths)) {
                charts.add(automatic(topic, paths));
            }
        });
        return charts;
    }

    /** What one expects to fall with the weights; where no weights fell, it is no news. */
    private boolean ofWeights(String topic, List<String> paths) {
        return List.of("density", "speed", "rate", "bytes").contains(topic)
                && paths.stream().allMatch(this::hasLevels);
    }

    private Chart automatic(String topic, List<String> paths) {
        return switch (topic) {
            case "density" -> chart("layers", "Weights left in each layer", "density", paths, true);
            case "speed" -> chart("speed", "Time of a training step", "milliseconds-per-step", paths, false);
            case "rate" -> chart("throughput", "Examples per second", "examples-per-second", paths, false);
            case "bytes" -> chart("bytes", "Size", "bytes", paths, false);
            default -> chart(Words.slug(topic), Words.sentence(topic), topic, paths, false);
        };
    }

    /** Layers are drawn as evaluated; other steps that count them, such as pruning, would only say it again. */
    private boolean repeated(String path) {
        return leaf(path).startsWith("density.")
                && !step(path).equals("evaluate")
                && measured.perTurn().stream().anyMatch(p -> p.startsWith("evaluate/density."));
    }

    /** What a metric is about; metrics of one topic share a figure. Empty for those that are themselves an axis. */
    private static String topic(String metric) {
        if (List.of("weights-left", "weights", "sparsity", "removed", "share", "examples")
                .contains(metric)) return "";
        if (metric.startsWith("density.")) return "density";
        if (metric.equals("milliseconds")) return ""; // of a whole stage, which is no training step
        if (metric.contains("milliseconds")) return "speed";
        if (metric.endsWith("per-second")) return "rate";
        return metric.contains("bytes") ? "bytes" : metric;
    }

    private Chart chart(String id, String title, String metric, List<String> paths, boolean logarithmic) {
        Unit unit = Unit.of(metric);
        boolean levels = paths.stream().allMatch(this::hasLevels);
        List<Trace> traces = new ArrayList<>();
        long steps = paths.stream().map(LevelCharts::step).distinct().count();
        for (int i = 0; i < paths.size(); i++) traces.add(trace(paths.get(i), i, paths.size(), steps, unit, levels));
        Axis y = logarithmic
                ? new Axis(Words.axis(metric, unit), Scale.LOG, decades(traces))
                : Axis.linear(Words.axis(metric, unit));
        boolean fromZero = unit == Unit.MILLISECONDS || unit == Unit.BYTES || metric.endsWith("per-second");
        if (fromZero) y = y.within(0, 1.05 * greatest(traces));
        return new Chart(id, title, seeds(), levels ? weightsLeft(traces) : Axis.linear("turn"), y, traces);
    }

    private boolean hasLevels(String path) {
        return measured.turns(path).stream().allMatch(turn -> measured.weightsLeft(step(path), turn) > 0);
    }

    private Trace trace(String path, int i, int n, long steps, Unit unit, boolean levels) {
        Collection<Integer> turns = measured.turns(path);
        List<Spread> spreads =
                turns.stream().map(turn -> measured.spread(path, turn)).toList();
        double[] x = turns.stream()
                .mapToDouble(turn -> levels ? 100 * measured.weightsLeft(step(path), turn) : turn)
                .toArray();
        boolean band = spreads.stream().anyMatch(s -> s.count() > 1);
        boolean layer = leaf(path).startsWith("density.");
        return new Trace(
                label(path, n, steps),
                label(path, n, steps),
                i > 0 && !layer ? Look.DASHED_MARKED : Look.MARKED,
                n > 6 ? Colour.ordered(i, n) : Colour.distinct(i),
                x,
                scaled(spreads, Spread::mean, unit),
                band ? scaled(spreads, Spread::low, unit) : null,
                band ? scaled(spreads, Spread::high, unit) : null);
    }

    private String label(String path, int n, long steps) {
        String step = names.getOrDefault(step(path), step(path));
        if (leaf(path).startsWith("density.")) return leaf(path).substring("density.".length());
        if (n == steps) return step;
        return (steps > 1 ? step + ": " : "") + Words.plain(leaf(path));
    }

    private static double[] scaled(List<Spread> spreads, ToDoubleFunction<Spread> of, Unit unit) {
        return spreads.stream().mapToDouble(of).map(v -> v * unit.scale).toArray();
    }

    private Trace point(ReportSpec.Point point, Unit unit) {
        double y = Levels.spread(measured, point.y()).mean() * unit.scale;
        double[] at = {point.at()};
        return new Trace(point.say(), point.say(), Look.POINTS, Colour.PAPER, at, new double[] {y}, null, null);
    }

    private static Axis weightsLeft(List<Trace> traces) {
        double[] levels = traces.stream()
                .flatMapToDouble(t -> DoubleStream.of(t.x()))
                .distinct()
                .toArray();
        return new Axis("weights left (%)", Scale.LOG_FALLING, thinned(levels));
    }

    private static double greatest(List<Trace> traces) {
        return traces.stream()
                .flatMapToDouble(t -> DoubleStream.of(t.banded() ? t.high() : t.y()))
                .filter(Double::isFinite)
                .max()
                .orElse(1);
    }

    /** 1, 2 and 5 in each decade that the traces reach. */
    private static List<Double> decades(List<Trace> traces) {
        double least = traces.stream()
                .flatMapToDouble(t -> DoubleStream.of(t.y()))
                .filter(y -> y > 0)
                .min()
                .orElse(1);
        double greatest = greatest(traces);
        List<Double> ticks = new ArrayList<>();
        for (double decade = Math.pow(10, Math.floor(Math.log10(least))); decade <= greatest; decade *= 10) {
            for (int digit : new int[] {1, 2, 5}) ticks.add(digit * decade);
        }
        return ticks.stream()
                .filter(t -> t >= 0.5 * least && t <= 1.01 * greatest)
                .toList();
    }

    /** Levels far enough apart on a logarithmic axis for their labels to stand side by side. */
    private static List<Double> thinned(double[] levels) {
        List<Double> kept = new ArrayList<>();
        for (double level : DoubleStream.of(levels).sorted().toArray()) {
            if (kept.isEmpty() || level > kept.getLast() * 1.45) kept.add(level);
        }
        if (kept.size() > 1
                && levels.length > 0
                && kept.getLast() < DoubleStream.of(levels).max().orElseThrow()) {
            kept.set(kept.size() - 1, DoubleStream.of(levels).max().orElseThrow());
        }
        return kept.reversed();
    }

    private String seeds() {
        int n = measured.runs().size();
        return n > 1 ? "Mean of " + n + " seeds; the band runs from the least to the greatest." : "";
    }

    static String step(String path) {
        return path.substring(0, path.indexOf('/'));
    }

    static String leaf(String path) {
        return path.substring(path.indexOf('/') + 1);
    }
}
