package org.espalier.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.experiment.ReportSpec;

/** The tables of a report; each stands on the page and as a CSV file. */
final class Tables {
    private final RunFiles files;
    private final Measured measured;

    Tables(RunFiles files) {
        this.files = files;
        this.measured = files.measured();
    }

    /** The spec's figures in numbers: a row for each level of weights left, with what the paper says of it. */
    Sheet levels(PublishedNumbers numbers) {
        List<ReportSpec.Line> lines = files.report().figures().stream()
                .filter(ReportSpec.Line.class::isInstance)
                .map(ReportSpec.Line.class::cast)
                .toList();
        List<String> paths = lines.stream()
                .flatMap(line -> line.of().stream().map(step -> step + "/" + line.y()))
                .toList();
        List<Integer> turns = turns(paths);
        Sheet sheet = leading("levels", turns);
        if (turns.isEmpty()) return sheet;
        for (ReportSpec.Line line : lines) {
            for (String step : line.of()) spread(sheet, Words.unit(line.y()), name(step), step + "/" + line.y(), turns);
        }
        List<String> paper =
                turns.stream().map(t -> published(numbers, t, turns)).toList();
        return paper.stream().allMatch(String::isEmpty) ? sheet : sheet.texts("paper", paper);
    }

    /** Every metric with one number per turn, a row for each turn. */
    Sheet turns() {
        List<String> paths = measured.perTurn().stream()
                .filter(p -> !LevelCharts.leaf(p).startsWith("density.")
                        && measured.turns(p).size() > 1)
                .filter(p -> !p.endsWith("/weights-left"))
                .sorted(Comparator.comparing(LevelCharts::leaf))
                .toList();
        List<Integer> turns = turns(paths);
        Sheet sheet = leading("turns", turns);
        for (String path : paths) {
            spread(sheet, Words.unit(LevelCharts.leaf(path)), name(LevelCharts.step(path)), path, turns);
        }
        return sheet;
    }

    private Sheet leading(String name, List<Integer> turns) {
        Sheet sheet = new Sheet(name);
        if (turns.isEmpty()) return sheet;
        sheet.numbers("turn", Unit.COUNT, turns.stream().mapToDouble(t -> t).toArray());
        if (turns.stream().noneMatch(t -> measured.weightsLeft("evaluate", t) > 0)) return sheet;
        return sheet.numbers("weights left (%)", Unit.PERCENT, column(turns, t -> measured.weightsLeft("evaluate", t)));
    }

    private void spread(Sheet sheet, String group, String header, String path, List<Integer> turns) {
        Unit unit = Unit.of(path);
        sheet.numbers(
                group, header, unit, column(turns, t -> measured.spread(path, t).mean()));
        if (measured.runs().size() > 1) {
            sheet.numbers(
                    group,
                    "± " + header,
                    unit,
                    column(turns, t -> measured.spread(path, t).deviation()));
        }
    }

    private String name(String step) {
        return files.report().names().getOrDefault(step, step);
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

    /** One row per step with everything it measured once; empty for a run that only repeats. */
    Sheet results() {
        Map<String, Set<String>> steps = new LinkedHashMap<>();
        Set<String> metrics = new LinkedHashSet<>();
        for (String path : measured.perTurn()) {
            if (measured.turns(path).size() != 1 || LevelCharts.leaf(path).startsWith("density.")) continue;
            steps.computeIfAbsent(LevelCharts.step(path), s -> new LinkedHashSet<>())
                    .add(LevelCharts.leaf(path));
            metrics.add(LevelCharts.leaf(path));
        }
        Sheet sheet = new Sheet("results");
        if (steps.isEmpty()) return sheet;
        sheet.texts("step", steps.keySet().stream().map(this::name).toList());
        for (String metric : metrics) {
            Unit unit = Unit.of(metric);
            String header = Words.unit(metric);
            sheet.numbers(header, unit, once(steps.keySet(), metric, Spread::mean));
            if (measured.runs().size() > 1)
                sheet.numbers("± " + header, unit, once(steps.keySet(), metric, Spread::deviation));
        }
        return sheet;
    }

    private double[] once(Set<String> steps, String metric, ToDoubleFunction<Spread> of) {
        return steps.stream()
                .map(step -> step + "/" + metric)
                .mapToDouble(path -> measured.turns(path).stream()
                        .findFirst()
                        .map(t -> of.applyAsDouble(measured.spread(path, t)))
                        .orElse(Double.NaN))
                .toArray();
    }

    /** Share of weights left in each layer, a row for each turn. */
    Sheet layers() {
        List<String> paths = measured.perTurn().stream()
                .filter(p -> LevelCharts.leaf(p).startsWith("density."))
                .toList();
        Sheet sheet = new Sheet("layers");
        if (paths.isEmpty()) return sheet;
        List<Integer> turns = turns(paths);
        Set<String> steps = paths.stream().map(LevelCharts::step).collect(Collectors.toSet());
        sheet.numbers("turn", Unit.COUNT, turns.stream().mapToDouble(t -> t).toArray());
        for (String path : paths) {
            String layer = LevelCharts.leaf(path).substring("density.".length());
            String header = (steps.size() > 1 ? LevelCharts.step(path) + ": " : "") + layer + " (%)";
            sheet.numbers(
                    header,
                    Unit.PERCENT,
                    column(turns, t -> measured.spread(path, t).mean()));
        }
        return sheet;
    }

    private List<Integer> turns(List<String> paths) {
        Set<Integer> turns = new TreeSet<>();
        for (String path : paths) turns.addAll(measured.turns(path));
        return List.copyOf(turns);
    }

    private static double[] column(List<Integer> turns, ToDoubleFunction<Integer> value) {
        return turns.stream().mapToDouble(value).toArray();
    }

    /** The claims with their verdicts. */
    static Sheet claims(List<Finding> findings) {
        Sheet sheet = new Sheet("claims");
        if (findings.isEmpty()) return sheet;
        Map<String, Function<Finding, String>> columns = new LinkedHashMap<>();
        columns.put("claim", Finding::claim);
        columns.put("published", Finding::published);
        columns.put("ours", Finding::ours);
        columns.put("difference", Finding::difference);
        columns.put("verdict", f -> f.verdict().toString());
        columns.put("asked", Finding::asked);
        columns.put("source", Finding::source);
        columns.put("note", Finding::note);
        columns.forEach(
                (header, of) -> sheet.texts(header, findings.stream().map(of).toList()));
        return sheet;
    }

    /** The published rows that concern this run, as they stand in their file. */
    static Sheet published(PublishedNumbers numbers) {
        Sheet sheet = new Sheet("published");
        Set<String> columns = new LinkedHashSet<>();
        numbers.rows().forEach(row -> columns.addAll(row.keySet()));
        for (String column : columns) {
            sheet.texts(
                    column,
                    numbers.rows().stream()
                            .map(row -> row.getOrDefault(column, ""))
                            .toList());
        }
        return sheet;
    }

    /** The machine, the code and the data, one row for each fact. */
    Sheet environment() {
        Map<String, String> facts = new LinkedHashMap<>();
        flatten("", files.environment(), facts);
        return facts.isEmpty()
                ? new Sheet("environment")
                : new Sheet("environment")
                        .texts("fact", List.copyOf(facts.keySet()))
                        .texts("value", List.copyOf(facts.values()));
    }

    private static void flatten(String path, JsonNode node, Map<String, String> facts) {
        if (node.isObject()) {
            node.properties()
                    .forEach(
                            e -> flatten(path.isEmpty() ? e.getKey() : path + " › " + e.getKey(), e.getValue(), facts));
        } else if (!node.isMissingNode()) {
            facts.put(path, node.isNull() ? "–" : node.isValueNode() ? node.asText() : node.toString());
        }
    }

    /** The files of the run with their sizes. */
    Sheet contents() throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(files.directory(), 3)) {
            walk.filter(Files::isRegularFile)
                    .map(files.directory()::relativize)
                    .filter(p -> p.getNameCount() > 1 && p.startsWith("model") || p.getNameCount() == 1)
                    .filter(p -> !p.toString().equals("report.html"))
                    .sorted()
                    .forEach(found::add);
        }
        double[] bytes = new double[found.size()];
        for (int i = 0; i < bytes.length; i++)
            bytes[i] = Files.size(files.directory().resolve(found.get(i)));
        return new Sheet("files")
                .texts("file", found.stream().map(Path::toString).toList())
                .numbers("bytes", Unit.BYTES, bytes);
    }
}
