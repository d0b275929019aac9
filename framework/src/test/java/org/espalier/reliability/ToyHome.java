package org.espalier.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.espalier.data.file.Digest;
import org.espalier.experiment.Experiment;
import org.espalier.experiment.Planner;
import org.espalier.experiment.Program;
import org.espalier.experiment.RunFolder;
import org.espalier.models.Zoo;

/** A project folder with one small experiment: a lottery ticket on the harder modular additions, two seeds, three rounds with control. */
record ToyHome(Path path) {
    private static final String SPEC = """
            name: toy
            seeds: [1, 2]
            data:
              train: { modular-addition: { modulus: 23, part: train } }
              test: { modular-addition: { modulus: 23, part: test } }
            model: { lenet: { hidden: [48, 32] } }
            checkpoint: 0.05
            steps:
              - save: init
              - select: { to: hard, keep: 0.8, el2n: { runs: 2, batch: 16, steps: STEPS, optimise: { adam: { rate: 0.003 } } } }
              - train: { data: hard, batch: 16, steps: STEPS, optimise: { adam: { rate: 0.003 } }, watch: { data: test, every: 50 }, save: { early: 100 } }
              - evaluate: { data: test, metrics: [accuracy, loss, sparsity] }
              - repeat:
                  times: 3
                  steps:
                    - prune: { ratio: 0.5, of: remaining, allocate: { per-layer: { rates: { output: 0.1 } } } }
                    - rewind: early
                    - train: { batch: 16, start: 100, steps: STEPS, optimise: { adam: { rate: 0.003 } }, watch: { data: test, every: 50 } }
                    - evaluate: { data: test, metrics: [accuracy, loss, sparsity] }
                    - save: trained
                    - reinit: { fan: sparse }
                    - train: { as: control, batch: 16, steps: 300, clip: 1, optimise: { sgd: { rate: 0.1, momentum: 0.9 } } }
                    - rewind: trained
            """;

    /** @param steps updates of each training, which decides how long a run takes */
    static ToyHome at(Path path, int steps) throws IOException {
        Path experiments = Files.createDirectories(path.resolve("experiments"));
        Files.writeString(experiments.resolve("toy.yaml"), SPEC.replace("STEPS", Integer.toString(steps)));
        return new ToyHome(path);
    }

    Path spec() {
        return path.resolve("experiments/toy.yaml");
    }

    Path reports() {
        return path.resolve("reports");
    }

    Program program() {
        return Planner.plan(Experiment.read(spec(), ""), new Zoo.Places(spec().getParent(), Path.of("../datasets")));
    }

    RunFolder folder() {
        return RunFolder.of(reports(), program());
    }

    Child run() throws IOException {
        return Child.start(path, "run", "toy.yaml", "--threads", "1");
    }

    /** What must not depend on interruptions: digests of models, selections, metrics and resolved spec. */
    Map<String, String> results() throws IOException {
        return results(folder().path());
    }

    static Map<String, String> results(Path run) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        for (Path file : files(run)) {
            String name = run.relativize(file).toString();
            if (name.startsWith("model")
                    || name.startsWith("selections")
                    || name.equals("metrics.csv")
                    || name.equals("resolved.yaml"))
                digests.put(name, Digest.of(file).sha256());
        }
        return digests;
    }

    /** Whatever a process that died left half written. */
    List<Path> leftOvers() throws IOException {
        if (!Files.exists(reports())) return List.of();
        try (Stream<Path> all = Files.walk(reports())) {
            return all.filter(file -> file.getFileName().toString().startsWith(".tmp-"))
                    .toList();
        }
    }

    /** Whether this process has written that it is at work. */
    boolean worksIn(long pid) {
        return status("pid").map(p -> ((Number) p).longValue() == pid).orElse(false);
    }

    /** An entry of the run's status; empty while there is none. */
    Optional<Object> status(String entry) {
        return folder().status().map(status -> status.get(entry));
    }

    /** All points of the tracking store, without times and speeds. */
    List<String> points() throws SQLException {
        return rows("SELECT run_uuid, key, step, value, is_nan FROM metrics"
                + " WHERE key NOT LIKE '%milliseconds%' ORDER BY run_uuid, key, step");
    }

    /** Rows of the tracking store, their columns joined by {@code |}. */
    List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + reports().resolve("mlflow.db"));
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> cells = new ArrayList<>();
                for (int c = 1; c <= columns; c++) cells.add(String.valueOf(result.getObject(c)));
                rows.add(String.join("|", cells));
            }
        }
        return rows;
    }

    static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
