package org.espalier.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a run wrote of one selection.
 *
 * @param name of the selection, with its turn and, of several seeds, its seed
 * @param about the JSON file
 * @param chosen for each example of the part, whether it was chosen
 * @param score likewise
 * @param domain likewise, empty where it is not known
 * @param length likewise, in tokens or labels
 */
record SelectionFile(String name, JsonNode about, boolean[] chosen, double[] score, String[] domain, int[] length) {
    private static final Pattern TURN = Pattern.compile("[.]([0-9]{1,9})[.]json$");

    /** So many are shown. */
    static final int MOST = 24;

    /** The selections of a run, turn by turn in the order of their names; what can't be read is named among the problems. */
    static List<SelectionFile> all(Path folder, List<String> problems) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        List<Path> found;
        try (Stream<Path> files = Files.walk(folder, 2)) {
            found = files.filter(file -> file.toString().endsWith(".json"))
                    .sorted(Comparator.comparing(SelectionFile::turn).thenComparing(Comparator.naturalOrder()))
                    .limit(MOST)
                    .toList();
        }
        boolean seeds = found.stream().map(Path::getParent).distinct().count() > 1;
        List<SelectionFile> all = new ArrayList<>();
        for (Path file : found) {
            String own = file.getFileName().toString().replaceAll("[.]json$", "");
            try {
                String name = seeds ? own + ", " + file.getParent().getFileName() : own;
                all.add(read(name, file, file.resolveSibling(own + ".csv")));
            } catch (JsonProcessingException | RuntimeException e) {
                problems.add("The selection " + folder.relativize(file) + " cannot be read: " + e.getMessage());
            }
        }
        return all;
    }

    private static int turn(Path file) {
        Matcher turn = TURN.matcher(file.getFileName().toString());
        return turn.find() ? Integer.parseInt(turn.group(1)) : 0;
    }

    /** Its name without the seed. */
    String own() {
        return name.replaceFirst(", seed-\\d+$", "");
    }

    /** Whether it was made in a later turn than others of its name. */
    boolean again() {
        return TURN.matcher(about.path("file").asText() + ".json")
                .results()
                .anyMatch(t -> !t.group(1).equals("1"));
    }

    private static SelectionFile read(String name, Path json, Path csv) throws IOException {
        JsonNode about = JsonMapper.builder().build().readTree(Files.readString(json));
        List<String> lines = Files.readAllLines(csv);
        List<String> header = List.of(lines.getFirst().split(",", -1));
        int n = lines.size() - 1;
        SelectionFile file = new SelectionFile(name, about, new boolean[n], new double[n], new String[n], new int[n]);
        for (int i = 0; i < n; i++) {
            String[] cells = lines.get(i + 1).split(",", -1);
            file.chosen[i] = cells[header.indexOf("chosen")].equals("1");
            file.score[i] = Double.parseDouble(cells[header.indexOf("score")]);
            file.domain[i] = cells[header.indexOf("domain")];
            file.length[i] = Integer.parseInt(cells[header.indexOf("length")]);
        }
        return file;
    }

    /** Numbers of all examples, or of the chosen ones. */
    int[] examples(boolean all) {
        return IntStream.range(0, chosen.length).filter(i -> all || chosen[i]).toArray();
    }

    /** The mean score, of all or of the chosen ones. */
    double meanScore(boolean all) {
        return IntStream.of(examples(all)).mapToDouble(i -> score[i]).average().orElse(Double.NaN);
    }

    /** The mean length, of all or of the chosen ones. */
    double meanLength(boolean all) {
        return IntStream.of(examples(all)).map(i -> length[i]).average().orElse(Double.NaN);
    }

    /** The share of a domain, of all or of the chosen ones. */
    double share(String kind, boolean all) {
        int[] of = examples(all);
        return IntStream.of(of).filter(i -> domain[i].equals(kind)).count() / (double) of.length;
    }
}
