package org.espalier.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.experiment.Experiment;
import org.espalier.experiment.Planner;
import org.espalier.experiment.Program;
import org.espalier.experiment.RunFolder;
import org.espalier.models.Zoo;

/** Where the project lies: the launcher says it, otherwise it is the working directory. */
final class Home {
    private Home() {}

    static Path folder() {
        return Path.of(System.getProperty("espalier.home", "")).toAbsolutePath().normalize();
    }

    static Path experiments() {
        return folder().resolve("experiments");
    }

    static Path datasets() {
        return folder().resolve("datasets");
    }

    /** Where a spec in {@code specs} finds what it names. */
    static Zoo.Places places(Path specs) {
        return new Zoo.Places(specs, datasets());
    }

    static Path reports() {
        return folder().resolve("reports");
    }

    /** Where numbers from papers are kept. */
    static Path published() {
        return experiments().resolve("published");
    }

    /** A run as the user named it: its folder, or {@code name/key} in {@code reports/runs}. */
    static Path run(String named) {
        for (Path folder : new Path[] {Path.of(named), reports().resolve("runs").resolve(named)})
            if (Files.isDirectory(folder)) return folder.toAbsolutePath().normalize();
        throw new Refusal(
                "no such run: " + named + " (looked here and in " + reports().resolve("runs") + ")");
    }

    /** What a run runs, from its folder alone. */
    static Program program(Path run) {
        Path resolved = run.resolve("resolved.yaml");
        if (!Files.isRegularFile(resolved)) throw new Refusal(run + " has no resolved.yaml: nothing was begun there");
        RunFolder folder = new RunFolder(run);
        Program program = Planner.plan(Experiment.written(resolved, ""), places(folder.specs(experiments())))
                .on(folder.arithmetic());
        if (!program.key().shortened().equals(run.getFileName().toString()))
            throw new Refusal("the program has changed since this run began: it would now be " + program.key()
                    + "; make run starts it anew");
        return program;
    }

    /** A spec as the user named it: a file, or a name in {@code experiments/}, with or without {@code .yaml}. */
    static Path spec(String named) {
        for (Path folder : new Path[] {Path.of(""), experiments()})
            for (String name : new String[] {named, named + ".yaml"})
                if (Files.isRegularFile(folder.resolve(name))) return folder.resolve(name);
        throw new Refusal("no such spec: " + named + " (looked here and in " + experiments() + ")");
    }
}
