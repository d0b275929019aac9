package org.espalier.report;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.espalier.experiment.ReportSpec;

/** The tables of measurements: a row for each turn of a repeat, or for each step of a run without one. */
final class TurnTables {
    private static final String DENSITY = "density.";
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private final ReportSpec report;
    private final Measured measured;

    TurnTables(RunFiles files) {
        this.report = files.report();
        this.measured = files.measured();
    }

    /** The spec's figures in numbers: a row for each level of weights left, with what the paper says of it. */
    Sheet levels(PublishedNumbers numbers) {
        List<ReportSpec.Line> lines = report.figures().stream()
                .filter(ReportSpec.Line.class::isInstance)
                .map(ReportSpec.Line.class::cast)
                .toList();
        List<Integer> turns = turns(lines.stream()
                .flatMap(line -> line.of().stream().map(step -> step + "/" + line.y()))
                .toList());
        Sheet sheet = leading("levels", turns);
        if (turns.isEmpty()) return sheet;
        for (ReportSpec.Line line : lines) for (String step : line.of()) spread(sheet, step + "/" + line.y(), turns);
        List<String> paper =
                turns.stream().map(t -> published(numbers, t, turns)).toList();
        return paper.stream().allMatch(String::isEmpty) ? sheet : sheet.texts("paper", paper);
    }

    /** What the paper says of the level nearest to a turn's. */
    private String published(PublishedNumbers numbers, int turn, List<Integer> turns) {
        String run = measured.runs().getFirst();
        return numbers.rows().stream()
                .filter(row -> PublishedNumbers.weightsLeft(row) > 0)
                .filter(row ->
                        measured.turnNear(run, "evaluate", turns, PublishedNumbers.weightsLeft(row) / 100) == turn)
                .map(row -> row.get("method") + ": " + row.get("metric") + " " + row.get("value"))
                .collect(Collectors.joining("; "));
    }

    /** Every metric with one number per turn, a row for each turn. */
    Sheet turns() {
        List<String> paths = measured.perTurn().stream()
                .filter(path -> !layer(path) && measured.turns(path).size() > 1)
                .filter(path -> !path.endsWith("/weights-left"))
                .sorted(Comparator.comparing(LevelCharts::leaf))
                .toList();
        List<Integer> turns = turns(paths);
        Sheet sheet = leading("turns", turns);
        for (String path : paths) spread(sheet, path, turns);
        return sheet;
    }

    /** Share of weights left in each layer: a row for each turn, or for each layer where there is one turn. */
    Sheet layers() {
        List<String> paths =
                measured.perTurn().stream().filter(TurnTables::layer).toList();
        List<Integer> turns = turns(paths);
        Sheet sheet = new Sheet("layers");
        if (paths.isEmpty()) return sheet;
        Map<String, List<String>> steps = paths.stream()
                .collect(Collectors.groupingBy(LevelCharts::step, LinkedHashMap::new, Collectors.toList()));
        if (turns.size() == 1) return byLayer(sheet, paths, steps.keySet());
        sheet.counts("turn", turns.stream().mapToLong(t -> t).toArray());
        List<String> shown = steps.getOrDefault("evaluate", paths);
        for (String path : shown) {
            String group = steps.size() > 1 && shown == paths ? name(LevelCharts.step(path)) : "";
            sheet.numbers(path, group, layerOf(path) + " (%)", Unit.PERCENT, means(path, turns));
        }
        return sheet;
    }

    private Sheet byLayer(Sheet sheet, List<String> paths, Set<String> steps) {
        List<String> layers = paths.stream()
                .map(TurnTables::layerOf)
                .distinct()
                .sorted(Comparator.comparing(TurnTables::padded))
                .toList();
        sheet.texts("layer", layers);
        for (String step : steps) {
            double[] left = layers.stream()
                    .mapToDouble(layer ->
                            measured.spread(step + "/" + DENSITY + layer, 0).mean())
                    .toArray();
            sheet.numbers(step, name(step) + " (%)", Unit.PERCENT, left);
        }
        return sheet;
    }

    /** By this the second layer comes before the tenth. */
    private static String padded(String layer) {
        return NUMBER.matcher(layer).replaceAll(number -> "%9s".formatted(number.group()));
    }

    private Sheet leading(String name, List<Integer> turns) {
        Sheet sheet = new Sheet(name);
        if (turns.isEmpty()) return sheet;
        sheet.counts("turn", turns.stream().mapToLong(t -> t).toArray());
        double[] left = column(turns, t -> measured.weightsLeft("evaluate", t));
        boolean known = java.util.stream.DoubleStream.of(left).anyMatch(share -> share > 0);
        return known ? sheet.numbers("weights-left", "weights left (%)", Unit.PERCENT, left) : sheet;
    }

    private void spread(Sheet sheet, String path, List<Integer> turns) {
        Unit unit = Unit.of(path);
        String group = Words.unit(LevelCharts.leaf(path));
        sheet.numbers(path, group, name(LevelCharts.step(path)), unit, means(path, turns));
        if (measured.runs().size() > 1) {
            sheet.deviations(unit, column(turns, t -> measured.spread(path, t).deviation()));
        }
    }

    private double[] means(String path, List<Integer> turns) {
        return column(turns, t -> measured.spread(path, t).mean());
    }

    private List<Integer> turns(List<String> paths) {
        Set<Integer> turns = new TreeSet<>();
        for (String path : paths) turns.addAll(measured.turns(path));
        return List.copyOf(turns);
    }

    private static double[] column(List<Integer> turns, ToDoubleFunction<Integer> value) {
        return turns.stream().mapToDouble(value).toArray();
    }

    static boolean layer(String path) {
        return LevelCharts.leaf(path).startsWith(DENSITY);
    }

    private static String layerOf(String path) {
        return LevelCharts.leaf(path).substring(DENSITY.length());
    }

    private String name(String step) {
        return report.names().getOrDefault(step, step);
    }
}
