package org.espalier.report;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The tables of what was selected. */
final class SelectionTables {
    private SelectionTables() {}

    /** A row for each selection: from what, how much, by which rule; its scores and lengths beside those of all. */
    static Sheet summary(List<SelectionFile> files) {
        Sheet sheet = new Sheet("selections");
        if (files.isEmpty()) return sheet;
        sheet.texts("selection", files.stream().map(SelectionFile::name).toList());
        sheet.texts(
                "from", files.stream().map(f -> f.about().path("of").asText()).toList());
        sheet.counts(
                "examples",
                files.stream().mapToLong(f -> f.examples(false).length).toArray());
        sheet.counts(
                "of", files.stream().mapToLong(f -> f.examples(true).length).toArray());
        sheet.numbers("mean score", "mean score", Unit.NUMBER, each(files, f -> f.meanScore(false)));
        sheet.numbers("mean score of all", "of all", Unit.NUMBER, each(files, f -> f.meanScore(true)));
        sheet.numbers("mean length", "mean length", Unit.NUMBER, each(files, f -> f.meanLength(false)));
        sheet.numbers("mean length of all", "of all", Unit.NUMBER, each(files, f -> f.meanLength(true)));
        return sheet.texts(
                "rule", files.stream().map(f -> f.about().path("rule").asText()).toList());
    }

    /** A row for each domain or class: its share of everything there was, and of each selection. */
    static Sheet domains(List<SelectionFile> files) {
        Sheet sheet = new Sheet("domains");
        List<String> kinds = List.copyOf(
                new TreeSet<>(files.stream().flatMap(f -> Stream.of(f.domain())).toList()));
        if (kinds.size() < 2) return sheet;
        sheet.texts("kind", kinds.stream().map(k -> k.isEmpty() ? "unknown" : k).toList());
        List<String> parts = new ArrayList<>();
        for (SelectionFile file : files) {
            String from = file.about().path("of").asText();
            if (!parts.contains(from)) {
                parts.add(from);
                sheet.numbers("all of " + from, "all of " + from, Unit.PERCENT, shares(file, kinds, true));
            }
            sheet.numbers(file.name(), file.name(), Unit.PERCENT, shares(file, kinds, false));
        }
        return sheet;
    }

    private static double[] shares(SelectionFile file, List<String> kinds, boolean all) {
        return kinds.stream().mapToDouble(kind -> file.share(kind, all)).toArray();
    }

    private static double[] each(List<SelectionFile> files, ToDoubleFunction<SelectionFile> of) {
        return files.stream().mapToDouble(of).toArray();
    }
}
