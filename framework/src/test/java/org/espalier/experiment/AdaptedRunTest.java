package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.espalier.data.file.Digest;
import org.espalier.engine.Rng;
import org.espalier.launch.CpuDevice;
import org.espalier.models.Zoo;
import org.espalier.spec.Yaml;
import org.espalier.track.Tracker;
import org.espalier.track.Tracking;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recoveries through adapters within runs: stopped and resumed they give the same bits, and they leave what peft loads. */
class AdaptedRunTest {
    private static final String SPEC = """
            name: adapted
            data:
              train: { modular-addition: { modulus: 23, part: train } }
              test: { modular-addition: { modulus: 23, part: test } }
            model: { lenet: { hidden: [48, 32] } }
            checkpoint: 0.02
            steps:
              - train: { batch: 16, steps: 200, optimise: { adam: { rate: 0.003 } } }
              - prune: { ratio: 0.5 }
              - save: pruned
              - recover: { as: plain, zeros: fill, adapt: { lora: { rank: 4 } }, batch: 16, steps: 250, optimise: &o { adam: { rate: 0.003 } } }
              - restore: pruned
              - recover: { as: principal, zeros: fill, adapt: { lora: { rank: 4, init: pissa, dora: true } }, batch: 16, steps: 250, optimise: *o }
              - restore: pruned
              - recover: { as: fewer, zeros: fill, adapt: { adalora: { initial: 5, rank: 2, settled: 60, warmup: 20, every: 5 } }, batch: 16, steps: 250, optimise: *o }
              - evaluate: { data: test, metrics: [accuracy, loss, sparsity] }
            """;

    private static Program program(String overrides) {
        return Planner.plan(
                Experiment.bind(Yaml.parse(SPEC, "adapted.yaml"), overrides),
                new Zoo.Places(Path.of("."), Path.of("../datasets")));
    }

    private static Runner.Result run(Path home, int threads, Progress progress, Stop stop) throws IOException {
        Path reports = home.resolve("reports");
        try (CpuDevice device = new CpuDevice(threads);
                Tracker tracker = Tracking.open(reports, Map.of(), notice -> {})) {
            return new Runner(home, home.resolve("datasets"), reports, device, tracker, progress, stop)
                    .run(program(""), Map.of("spec.yaml", SPEC), "make run EXP=adapted.yaml");
        }
    }

    private static Map<String, String> results(RunFolder folder) throws IOException {
        Map<String, String> digests = new TreeMap<>(Toy.results(folder));
        try (Stream<Path> files = Files.walk(folder.path().resolve("adapters"))) {
            for (Path file : files.filter(Files::isRegularFile).toList())
                digests.put(
                        folder.path().relativize(file).toString(),
                        Digest.of(file).sha256());
        }
        return digests;
    }

    @Test
    void aStoppedRecoveryGoesOnToTheSameBits(@TempDir Path home) throws IOException {
        Runner.Result left = run(home.resolve("left"), 1, Progress.SILENT, new Stop());
        Map<String, String> expected = results(left.folder());
        for (String stage : List.of("plain", "principal", "fewer"))
            assertThat(expected)
                    .containsKeys(
                            "adapters/seed-1/" + stage + "/adapter_config.json",
                            "adapters/seed-1/" + stage + "/adapter_model.safetensors");
        assertThat(Files.readString(left.folder().metrics())).contains("fewer.0/ranks,6.0", "fewer.0/orthogonality");
        RandomGenerator random = Rng.of(7, "stops", 0);
        int stops = 0;
        Runner.Result result;
        do {
            Stop stop = new Stop();
            int[] points = {1 + random.nextInt(5)};
            result = run(
                    home.resolve("stopped"),
                    3,
                    new Progress() {
                        @Override
                        public void step(long step, long steps, double loss) {
                            if (--points[0] == 0) stop.ask();
                        }
                    },
                    stop);
            if (result.outcome() == Runner.Outcome.STOPPED) stops++;
        } while (result.outcome() != Runner.Outcome.FINISHED);
        assertThat(stops).isGreaterThan(2);
        assertThat(results(result.folder())).isEqualTo(expected);
    }

    @Test
    void fillingZerosHasToBeAskedFor() {
        assertThatThrownBy(() -> program("plain.zeros=keep")).hasMessageContaining("zeros: fill");
        assertThatThrownBy(() -> program("fewer.steps=70")).hasMessageContaining("70 updates");
    }
}
