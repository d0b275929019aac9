package org.espalier.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.espalier.experiment.ReportSpec;
import org.espalier.report.Chart.Axis;
import org.espalier.report.Chart.Colour;
import org.espalier.report.Chart.Look;
import org.espalier.report.Chart.Trace;

/** Figures of a metric against the share of the examples that was selected. */
final class ShareCharts {
    private record Point(double share, Spread spread) {}

    private final Measured measured;
    private final Map<String, String> names;

    ShareCharts(Measured measured, Map<String, String> names) {
        this.measured = measured;
        this.names = names;
    }

    Chart asked(String id, ReportSpec.Share share) {
        Unit unit = Unit.of(share.y());
        List<Trace> traces = new ArrayList<>();
        for (String step : share.of()) trace(step, share.y(), unit, traces);
        String title = share.title().isEmpty()
                ? Words.sentence(share.y()) + " against the share of the examples"
                : share.title();
        int seeds = measured.runs().size();
        String caption = seeds > 1 ? "Mean of " + seeds + " seeds; the band runs from the least to the greatest." : "";
        Axis y = Axis.linear(Words.axis(share.y(), unit));
        if (share.from().isPresent()) y = from(share.from().get(), y, traces);
        return new Chart(id, title, caption, Axis.linear("examples selected (%)"), y, traces);
    }

    private void trace(String step, String metric, Unit unit, List<Trace> traces) {
        String path = step + "/" + metric;
        List<Point> points = measured.turns(path).stream()
                .map(turn -> new Point(measured.shareSelected(step, turn), measured.spread(path, turn)))
                .sorted(Comparator.comparingDouble(Point::share))
                .toList();
        if (points.isEmpty()) return;
        boolean band = points.stream().anyMatch(p -> p.spread.count() > 1);
        String name = names.getOrDefault(step, step);
        traces.add(new Trace(
                name,
                name,
                points.size() == 1 ? Look.POINTS : traces.isEmpty() ? Look.MARKED : Look.DASHED_MARKED,
                Colour.distinct(traces.size()),
                points.stream().mapToDouble(p -> 100 * p.share).toArray(),
                scaled(points, Spread::mean, unit),
                band ? scaled(points, Spread::low, unit) : null,
                band ? scaled(points, Spread::high, unit) : null));
    }

    private static Axis from(double least, Axis y, List<Trace> traces) {
        double greatest = traces.stream()
                .flatMapToDouble(t -> DoubleStream.of(t.banded() ? t.high() : t.y()))
                .filter(Double::isFinite)
                .max()
                .orElse(least + 1);
        return y.within(least, greatest + 0.04 * Math.abs(greatest - least));
    }

    private static double[] scaled(List<Point> points, ToDoubleFunction<Spread> of, Unit unit) {
        return points.stream()
                .mapToDouble(p -> of.applyAsDouble(p.spread) * unit.scale)
                .toArray();
    }
}
