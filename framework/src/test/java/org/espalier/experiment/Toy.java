package org.espalier.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.espalier.data.file.Digest;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.models.Zoo;
import org.espalier.spec.Yaml;
import org.espalier.track.Tracker;
import org.espalier.track.Tracking;

/** A lottery ticket run of a second or two: modular addition, a small perceptron, three rounds with their control. */
final class Toy {
    static final String SPEC = """
            name: toy
            seeds: [1, 2]
            data:
              train: { modular-addition: { modulus: 23, part: train } }
              test: { modular-addition: { modulus: 23, part: test } }
            model: { lenet: { hidden: [48, 32] } }
            checkpoint: 0.05
            steps:
              - save: init
              - train: { batch: 16, steps: 600, optimise: { adam: { rate: 0.003 } }, watch: { data: test, every: 50 }, save: { early: 100 } }
              - evaluate: { data: test, metrics: [accuracy, loss, sparsity] }
              - repeat:
                  times: 3
                  steps:
                    - prune: { ratio: 0.5, of: remaining, allocate: { per-layer: { rates: { output: 0.1 } } } }
                    - rewind: early
                    - train: { batch: 16, start: 100, steps: 600, optimise: { adam: { rate: 0.003 } }, watch: { data: test, every: 50 } }
                    - evaluate: { data: test, metrics: [accuracy, loss, sparsity] }
                    - save: trained
                    - reinit: { fan: sparse }
                    - train: { as: control, batch: 16, steps: 300, clip: 1, optimise: { sgd: { rate: 0.1, momentum: 0.9 } } }
                    - rewind: trained
            """;

    private Toy() {}

    static Program program(String overrides) {
        return Planner.plan(
                Experiment.bind(Yaml.parse(SPEC, "toy.yaml"), overrides),
                new Zoo.Places(Path.of("."), Path.of("../datasets")));
    }

    /** The same in a tenth of the steps. */
    static Program shortProgram() {
        String spec = SPEC.replace("00,", "0,").replace("00 }", "0 }").replace("[1, 2]", "[1]");
        return Planner.plan(
                Experiment.bind(Yaml.parse(spec, "toy.yaml"), ""),
                new Zoo.Places(Path.of("."), Path.of("../datasets")));
    }

    static Runner.Result run(Path home, Program program, int threads, Progress progress, Stop stop) throws IOException {
        try (CpuDevice device = new CpuDevice(threads)) {
            return run(home, program, device, progress, stop);
        }
    }

    static Runner.Result run(Path home, Program program, Device device, Progress progress, Stop stop)
            throws IOException {
        Path reports = home.resolve("reports");
        try (Tracker tracker = Tracking.open(reports, Map.of(), notice -> {})) {
            return new Runner(home, home.resolve("datasets"), reports, device, tracker, progress, stop)
                    .run(program, Map.of("spec.yaml", SPEC), "make run EXP=toy.yaml");
        }
    }

    /** What must not depend on interruptions: digests of models and metrics. */
    static Map<String, String> results(RunFolder folder) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder.path())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.path().relativize(file).toString();
                if (name.startsWith("model") || name.equals("metrics.csv") || name.equals("resolved.yaml"))
                    digests.put(name, Digest.of(file).sha256());
            }
        }
        return digests;
    }
}
