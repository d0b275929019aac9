package org.espalier.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.espalier.experiment.Experiment;
import org.espalier.experiment.Planner;
import org.espalier.experiment.Program;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which spec, and what is changed in it: what run, show and validate have in common. */
final class Target {
    @Parameters(index = "0", paramLabel = "SPEC", description = "A spec file, or its name in experiments/.")
    private String spec;

    @Parameters(
            index = "1..*",
            paramLabel = "OVERRIDE",
            description = "a.b=1 changes a value, +a.b=1 adds one, ~a.b removes it.")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "N", description = "Run this seed instead of those in the spec.")
    private Long seed;

    /** Reads the spec and plans it; throws where either is wrong. */
    Program program() {
        Path file = file();
        try {
            return Planner.plan(
                    Experiment.written(file, changes()),
                    Home.places(file.toAbsolutePath().getParent()));
        } catch (IllegalArgumentException e) {
            throw new Refusal(file + ": " + e.getMessage());
        }
    }

    Path file() {
        return Home.spec(spec);
    }

    /** All overrides as one text, the seed among them. */
    String changes() {
        List<String> all = new ArrayList<>(overrides);
        if (seed != null) all.add("seeds=[" + seed + "]");
        return String.join(" ", all);
    }

    /** What is kept with the run: the spec as written, and the overrides. */
    Map<String, String> written() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("spec.yaml", Files.readString(file(), StandardCharsets.UTF_8));
        files.put("overrides.txt", changes().isEmpty() ? "" : changes() + "\n");
        return files;
    }

    /** The command that does the same again. */
    String again() {
        String set = overrides.stream().map(Target::quoted).collect(Collectors.joining(" "));
        return "make run EXP=" + quoted(spec) + (set.isEmpty() ? "" : " SET=\"" + set + "\"")
                + (seed == null ? "" : " SEED=" + seed);
    }

    private static String quoted(String word) {
        return word.matches("[\\w.,=+~/:@-]+") ? word : "'" + word + "'";
    }
}
