package org.espalier.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.espalier.experiment.ReportSpec;
import org.espalier.report.Chart.Axis;
import org.espalier.report.Chart.Colour;
import org.espalier.report.Chart.Look;
import org.espalier.report.Chart.Trace;
import org.espalier.report.Measured.Curve;

/** Figures of a metric over the iterations of training, one curve per turn shown. */
final class CurveCharts {
    /** Enough for a screen; a curve with more points is thinned. */
    private static final int POINTS = 600;

    private static final int TURNS = 6;
    private final Measured measured;
    private final Map<String, String> names;

    CurveCharts(Measured measured, Map<String, String> names) {
        this.measured = measured;
        this.names = names;
    }

    /** The figure that a spec asks for. */
    Chart asked(String id, ReportSpec.Curves curves) {
        Set<Integer> all = turns(curves.of().getFirst(), curves.y());
        List<Integer> turns = curves.levels().isEmpty() ? spaced(all) : nearest(curves, all);
        String title = curves.title().isEmpty() ? Words.curve(curves.y()) : curves.title();
        return chart(id, title, curves.y(), curves.of(), turns);
    }

    /** One figure for each metric that was watched during training, at more than one moment. */
    List<Chart> automatic() {
        Map<String, Set<String>> steps = new LinkedHashMap<>();
        for (Curve curve : measured.curves()) {
            steps.computeIfAbsent(curve.metric(), m -> new LinkedHashSet<>()).add(curve.step());
        }
        List<Chart> charts = new ArrayList<>();
        steps.forEach((metric, of) -> charts.add(chart(
                "curves-" + Words.slug(metric),
                Words.curve(metric),
                metric,
                List.copyOf(of),
                spaced(turns(of.iterator().next(), metric)))));
        charts.removeIf(chart -> chart.traces().stream().allMatch(trace -> trace.x().length < 2));
        return charts;
    }

    private Set<Integer> turns(String step, String metric) {
        Set<Integer> turns = new TreeSet<>();
        for (Curve curve : measured.curves()) {
            if (curve.step().equals(step) && curve.metric().equals(metric)) turns.add(curve.turn());
        }
        return turns;
    }

    private List<Integer> nearest(ReportSpec.Curves curves, Set<Integer> all) {
        String run = measured.runs().isEmpty() ? "" : measured.runs().getFirst();
        String step = curves.of().getFirst();
        return curves.levels().stream()
                .map(percent -> measured.turnNear(run, step, all, percent / 100))
                .filter(turn -> turn >= 0)
                .distinct()
                .toList();
    }

    private static List<Integer> spaced(Set<Integer> all) {
        List<Integer> turns = List.copyOf(all);
        int n = Math.min(TURNS, turns.size());
        return IntStream.range(0, n)
                .map(i -> n < 2 ? 0 : Math.round(i * (turns.size() - 1f) / (n - 1)))
                .mapToObj(turns::get)
                .toList();
    }

    private Chart chart(String id, String title, String metric, List<String> steps, List<Integer> turns) {
        Unit unit = Unit.of(metric);
        List<Trace> traces = new ArrayList<>();
        for (int s = 0; s < steps.size(); s++) {
            for (int t = 0; t < turns.size(); t++) {
                Curve curve = new Curve(steps.get(s), turns.get(t), metric);
                Colour colour = turns.size() > 1 ? Colour.ordered(t, turns.size()) : Colour.distinct(s);
                Trace trace =
                        trace(curve, s == 0 ? Look.LINE : Look.DASHED, colour, unit, steps.size() > 1, turns.size());
                if (trace.x().length > 0) traces.add(trace);
            }
        }
        Axis y = Axis.linear(Words.axis(metric, unit));
        return new Chart(
                id,
                title,
                caption(steps, turns.size()),
                Axis.linear("training iteration"),
                unit == Unit.PERCENT ? zoomed(y, traces) : y,
                traces);
    }

    private String caption(List<String> steps, int turns) {
        String seeds = measured.runs().size() > 1 ? "Mean of " + measured.runs().size() + " seeds. " : "";
        if (steps.size() < 2 || turns < 2) return seeds;
        List<String> dashed =
                steps.stream().skip(1).map(s -> names.getOrDefault(s, s)).toList();
        return seeds + "Solid: " + names.getOrDefault(steps.getFirst(), steps.getFirst()) + ". Dashed: "
                + String.join(", ", dashed) + ".";
    }

    private Trace trace(Curve curve, Look look, Colour colour, Unit unit, boolean named, int turns) {
        Set<Long> steps = new TreeSet<>();
        for (String run : measured.runs()) {
            for (long step : measured.series(run, curve.name()).steps()) steps.add(step);
        }
        long[] kept = thinned(steps.stream().mapToLong(Long::longValue).toArray());
        List<Spread> spreads = new ArrayList<>(kept.length);
        for (long step : kept) {
            spreads.add(Spread.of(measured.runs().stream()
                    .mapToDouble(r -> measured.series(r, curve.name()).at(step))));
        }
        boolean band = spreads.stream().anyMatch(s -> s.count() > 1);
        double[] x = IntStream.range(0, kept.length).mapToDouble(i -> kept[i]).toArray();
        return new Trace(
                named ? level(curve) + " " + names.getOrDefault(curve.step(), curve.step()) : level(curve),
                named && turns < 2 ? names.getOrDefault(curve.step(), curve.step()) : level(curve),
                look,
                colour,
                x,
                scaled(spreads, Spread::mean, unit),
                band ? scaled(spreads, Spread::low, unit) : null,
                band ? scaled(spreads, Spread::high, unit) : null);
    }

    private String level(Curve curve) {
        double left = measured.weightsLeft(curve.step(), curve.turn());
        return Double.isNaN(left) ? "turn " + curve.turn() : Words.level(100 * left) + " %";
    }

    private static double[] scaled(List<Spread> spreads, ToDoubleFunction<Spread> of, Unit unit) {
        return spreads.stream().mapToDouble(of).map(v -> v * unit.scale).toArray();
    }

    private static long[] thinned(long[] steps) {
        if (steps.length <= POINTS) return steps;
        return IntStream.range(0, POINTS)
                .mapToLong(i -> steps[(int) Math.round(i * (steps.length - 1.0) / (POINTS - 1))])
                .toArray();
    }

    /** The range without the first few points, which would press everything else flat. */
    private static Axis zoomed(Axis axis, List<Trace> traces) {
        double[] all = traces.stream()
                .flatMapToDouble(t -> DoubleStream.of(t.y()))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        if (all.length < 40) return axis;
        double low = all[all.length / 50];
        double high = all[all.length - 1];
        double room = 0.05 * (high - low);
        return high > low ? axis.within(low - room, high + room) : axis;
    }
}
