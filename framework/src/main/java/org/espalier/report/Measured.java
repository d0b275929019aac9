package org.espalier.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What a run measured, by run (one for each seed) and name.
 *
 * <p>A name is {@code <step>/<metric>} for one number per turn of a repeat, and {@code <step>.<turn>/<metric>} for a
 * curve over the iterations of that turn.
 */
final class Measured {
    private static final Pattern CURVE = Pattern.compile("([^/]+)\\.(\\d+)/(.+)");
    private static final String WEIGHTS_LEFT = "/weights-left";

    /** One metric of one step in one turn, over training. */
    record Curve(String step, int turn, String metric) {
        String name() {
            return step + "." + turn + "/" + metric;
        }
    }

    private final Map<String, Map<String, Series>> runs = new LinkedHashMap<>();
    private final boolean torn;

    private Measured(boolean torn) {
        this.torn = torn;
    }

    /** Reads the text of metric files; a point given twice, as after a resume, counts as given last. */
    static Measured of(String... files) {
        Map<String, Map<String, Series.Builder>> rows = new LinkedHashMap<>();
        boolean torn = false;
        for (String csv : files) {
            boolean[] header = {true};
            torn |= Csv.read(csv, fields -> {
                if (header[0]) header[0] = false;
                else if (fields.size() == 4) add(rows, fields);
            });
        }
        Measured measured = new Measured(torn);
        rows.forEach((run, names) -> {
            Map<String, Series> series = new LinkedHashMap<>();
            names.forEach((name, points) -> series.put(name, points.build()));
            measured.runs.put(run, series);
        });
        return measured;
    }

    private static void add(Map<String, Map<String, Series.Builder>> rows, List<String> fields) {
        try {
            long step = Long.parseLong(fields.get(1));
            double value = Double.parseDouble(fields.get(3));
            rows.computeIfAbsent(fields.get(0), run -> new LinkedHashMap<>())
                    .computeIfAbsent(fields.get(2), name -> new Series.Builder())
                    .add(step, value);
        } catch (NumberFormatException e) {
            // A damaged row: the others still stand.
        }
    }

    /** Whether the last row was cut short. */
    boolean torn() {
        return torn;
    }

    List<String> runs() {
        return List.copyOf(runs.keySet());
    }

    Series series(String run, String name) {
        return runs.getOrDefault(run, Map.of()).getOrDefault(name, Series.EMPTY);
    }

    /** All names with one number per turn, in the order in which they were first measured. */
    List<String> perTurn() {
        return names().stream()
                .filter(n -> n.indexOf('/') > 0 && !CURVE.matcher(n).matches())
                .toList();
    }

    /** All curves, in the order in which they were first measured. */
    List<Curve> curves() {
        List<Curve> curves = new ArrayList<>();
        for (String name : names()) {
            Matcher m = CURVE.matcher(name);
            if (m.matches()) curves.add(new Curve(m.group(1), Integer.parseInt(m.group(2)), m.group(3)));
        }
        return curves;
    }

    private List<String> names() {
        return runs.values().stream()
                .flatMap(names -> names.keySet().stream())
                .distinct()
                .toList();
    }

    /** The turns in which a name was measured, in any run. */
    Set<Integer> turns(String name) {
        Set<Integer> turns = new TreeSet<>();
        for (Map<String, Series> names : runs.values()) {
            for (long step : names.getOrDefault(name, Series.EMPTY).steps()) turns.add((int) step);
        }
        return turns;
    }

    /** Everything measured for one name in one turn, a value per run. */
    Spread spread(String name, int turn) {
        return Spread.of(runs().stream().mapToDouble(run -> series(run, name).at(turn)));
    }

    /** Share of weights left while a step ran in a turn, averaged over the runs; NaN if nobody measured it. */
    double weightsLeft(String step, int turn) {
        return Spread.of(runs().stream().mapToDouble(run -> weightsLeft(run, step, turn)))
                .mean();
    }

    /**
     * Share of weights left: as the step itself measured it, else {@code evaluate}, else the last step before it, else
     * any other.
     */
    double weightsLeft(String run, String step, int turn) {
        Map<String, Series> names = runs.getOrDefault(run, Map.of());
        double before = Double.NaN;
        double any = Double.NaN;
        boolean seen = false;
        for (String path : List.of(step + WEIGHTS_LEFT, "evaluate" + WEIGHTS_LEFT)) {
            double own = series(run, path).at(turn);
            if (!Double.isNaN(own)) return own;
        }
        for (Map.Entry<String, Series> each : names.entrySet()) {
            seen |= each.getKey().startsWith(step + "/") || each.getKey().startsWith(step + "." + turn + "/");
            double share =
                    each.getKey().endsWith(WEIGHTS_LEFT) ? each.getValue().at(turn) : Double.NaN;
            if (Double.isNaN(share)) continue;
            if (!seen) before = share;
            any = Double.isNaN(any) ? share : any;
        }
        return Double.isNaN(before) ? any : before;
    }

    /** Share of the examples that the last selection before a step kept in a turn, averaged over the runs; 1 if there was none. */
    double shareSelected(String step, int turn) {
        String share = "";
        for (String name : names()) {
            if (name.startsWith(step + "/") || name.startsWith(step + "." + turn + "/")) break;
            if (name.endsWith("/share")) share = name;
        }
        double kept = share.isEmpty() ? 1 : spread(share, turn).mean();
        return Double.isNaN(kept) ? 1 : kept;
    }

    /** The turn whose weights left are nearest to a share, if one lies within a tenth of it. */
    int turnNear(String run, String step, Iterable<Integer> turns, double share) {
        return nearest(turns, share, turn -> weightsLeft(run, step, turn));
    }

    /** The turn whose share of something is nearest to the one asked for, if one lies within a tenth of it; else −1. */
    static int nearest(Iterable<Integer> turns, double share, IntToDoubleFunction ofTurn) {
        int best = -1;
        double distance = 0.1;
        for (int turn : turns) {
            double away = Math.abs(ofTurn.applyAsDouble(turn) / share - 1);
            if (away < distance) {
                distance = away;
                best = turn;
            }
        }
        return best;
    }

    /** The number of points, for the page's footer. */
    long size() {
        return runs.values().stream()
                .flatMap(names -> names.values().stream())
                .flatMapToInt(s -> IntStream.of(s.steps().length))
                .asLongStream()
                .sum();
    }
}
