package org.espalier.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.espalier.spec.Paper;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "list", description = "List what a spec can name, by family, with its paper and tags.")
final class ListCommand implements Callable<Integer> {
    /** One line of the list; {@code paper} and {@code id} are empty for what comes from no single paper. */
    record Row(String family, String name, String paper, String id, List<String> tags) {}

    @Mixin
    private Output output;

    @Parameters(arity = "0..1", paramLabel = "FAMILY", description = "Only this family, for example score.")
    private String family;

    @Override
    public Integer call() {
        List<Row> rows = Catalogue.entries().stream()
                .filter(entry -> family == null || entry.family().equals(family))
                .map(ListCommand::row)
                .toList();
        if (rows.isEmpty() && family != null) throw new Refusal("no family is called " + family);
        output.result(rows, () -> text(rows));
        return 0;
    }

    private static Row row(Catalogue.Entry entry) {
        Paper paper = entry.type().getAnnotation(Paper.class);
        if (paper == null) return new Row(entry.family(), entry.name(), "", "", List.of());
        String title = paper.title() + " (" + paper.year() + ")";
        return new Row(entry.family(), entry.name(), title, paper.id(), List.of(paper.tags()));
    }

    private static String text(List<Row> rows) {
        int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
        Map<String, StringBuilder> sections = new LinkedHashMap<>();
        for (Row row : rows) {
            String tags = row.tags().isEmpty() ? "" : "  [" + String.join(", ", row.tags()) + "]";
            String line = "  " + row.name() + " ".repeat(width - row.name().length() + 2) + row.paper() + tags;
            sections.computeIfAbsent(row.family(), name -> new StringBuilder(name).append('\n'))
                    .append(line.stripTrailing())
                    .append('\n');
        }
        return String.join("\n", sections.values());
    }
}
