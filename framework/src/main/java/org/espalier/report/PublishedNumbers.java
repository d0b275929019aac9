package org.espalier.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.experiment.ReportSpec;

/**
 * The rows of a file of published numbers that concern a run, each a map from column to text.
 *
 * @param rows in the order of the file
 */
record PublishedNumbers(List<Map<String, String>> rows) {

    /**
     * Reads the file a spec names.
     *
     * @param folder where files of published numbers lie
     * @param spec which file, which rows
     * @param problems where a missing file is noted
     */
    static PublishedNumbers read(Path folder, ReportSpec.Published spec, List<String> problems) throws IOException {
        if (spec.file().isEmpty()) return new PublishedNumbers(List.of());
        String name = spec.file().substring(spec.file().lastIndexOf('/') + 1);
        try {
            String text = Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
            return new PublishedNumbers(rows(text).stream()
                    .filter(row -> matches(row, spec.where()))
                    .toList());
        } catch (NoSuchFileException e) {
            problems.add("There is no file of published numbers called " + name + ".");
            return new PublishedNumbers(List.of());
        }
    }

    private static List<Map<String, String>> rows(String text) {
        List<List<String>> records = new ArrayList<>();
        Csv.read(text.endsWith("\n") ? text : text + "\n", records::add);
        List<Map<String, String>> rows = new ArrayList<>();
        for (List<String> cells : records.subList(Math.min(1, records.size()), records.size())) {
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < cells.size() && i < records.getFirst().size(); i++) {
                row.put(records.getFirst().get(i), cells.get(i));
            }
            rows.add(row);
        }
        return rows;
    }

    private static boolean matches(Map<String, String> row, Map<String, String> where) {
        return where.entrySet().stream().allMatch(e -> e.getValue().equals(row.get(e.getKey())));
    }

    /**
     * The one row with these values.
     *
     * @throws IllegalArgumentException if no row has them, or several
     */
    Map<String, String> only(Map<String, String> where) {
        List<Map<String, String>> found =
                rows.stream().filter(row -> matches(row, where)).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(found.size() + " published rows match " + where + " instead of one");
        }
        return found.getFirst();
    }

    /** Percent of weights left that a row speaks of, NaN if it speaks of none or of a range. */
    static double weightsLeft(Map<String, String> row) {
        return 100 - Finding.number(row.getOrDefault("sparsity", ""));
    }
}
