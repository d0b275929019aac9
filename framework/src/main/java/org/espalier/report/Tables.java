package org.espalier.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The tables that stand around the measurements: claims, published numbers, environment, files. */
final class Tables {
    private Tables() {}

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
    static Sheet environment(RunFiles files) {
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
    static Sheet contents(RunFiles files) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(files.directory(), 3)) {
            walk.filter(Files::isRegularFile)
                    .map(files.directory()::relativize)
                    .filter(p -> p.getNameCount() > 1 && p.startsWith("model") || p.getNameCount() == 1)
                    .filter(p -> !p.toString().equals("report.html"))
                    .sorted()
                    .forEach(found::add);
        }
        long[] bytes = new long[found.size()];
        for (int i = 0; i < bytes.length; i++)
            bytes[i] = Files.size(files.directory().resolve(found.get(i)));
        return new Sheet("files")
                .texts("file", found.stream().map(Path::toString).toList())
                .counts("bytes", bytes);
    }
}
