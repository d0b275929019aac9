package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.espalier.engine.Rng;
import org.espalier.launch.CpuDevice;
import org.espalier.models.Zoo;
import org.espalier.spec.Yaml;
import org.espalier.track.Tracker;
import org.espalier.track.Tracking;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recoveries of all kinds, stopped again and again, end with the bits of an uninterrupted run. */
class RecoverResumeTest {
    private static final String[] RECOVERIES = {
        "adapt: { lora: { rank: 2, init: pissa } }, zeros: fill",
        "adapt: { lora: { rank: 2, dora: true, dropout: 0.2 } }, zeros: fill",
        "adapt: { adalora: { initial: 3, rank: 2, every: 2, dropout: 0.1 } }, zeros: fill",
        "adapt: { lors: { rank: 2, examples: 4 } }",
        "adapt: { sqft: { rank: 2, alpha: 4 } }",
        "adapt: { spp: { rank: 4 } }",
        "adapt: { s2ft: { value: 0.5, output: 0.5, up: 0.2, down: 0.2, choose: product } }",
        "hooks: { q-tuning: { samples: 0.5 } }"
    };

    @Test
    void stoppedRecoveriesEndWithTheBitsOfAnUninterruptedRun(@TempDir Path home) throws IOException {
        String words =
                IntStream.range(0, 300).mapToObj(i -> "word" + i * i % 13).collect(Collectors.joining(" "));
        Path text = Files.writeString(home.resolve("text.txt"), words);
        String spec = spec(text);
        Map<String, String> whole = Toy.results(
                run(home.resolve("whole"), spec, Progress.SILENT, new Stop()).folder());
        RandomGenerator random = Rng.of(3, "stops", 0);
        int stops = 0;
        Runner.Result result;
        do {
            Stop stop = new Stop();
            int[] left = {1 + random.nextInt(5)};
            Progress progress = new Progress() {
                @Override
                public void step(long step, long steps, double loss) {
                    if (--left[0] == 0) stop.ask();
                }
            };
            result = run(home.resolve("stopped"), spec, progress, stop);
            if (result.outcome() == Runner.Outcome.STOPPED) stops++;
        } while (result.outcome() != Runner.Outcome.FINISHED);
        assertThat(stops).isGreaterThan(5);
        assertThat(Toy.results(result.folder())).isEqualTo(whole);
    }

    private static Runner.Result run(Path home, String spec, Progress progress, Stop stop) throws IOException {
        Path reports = Files.createDirectories(home).resolve("reports");
        Program program = Planner.plan(
                Experiment.bind(Yaml.parse(spec, "recover.yaml"), ""), new Zoo.Places(home, home.resolve("datasets")));
        try (CpuDevice device = new CpuDevice(2);
                Tracker tracker = Tracking.open(reports, Map.of(), notice -> {})) {
            return new Runner(home, home.resolve("datasets"), reports, device, tracker, progress, stop)
                    .run(program, Map.of("spec.yaml", spec), "none");
        }
    }

    private static String spec(Path text) {
        StringBuilder spec = new StringBuilder("""
                name: recover
                checkpoint: 0.001
                data: { text: { windows: { of: { text-file: %s }, length: 12, bos: each } } }
                tokenizer: { size: 280, of: { text-file: %s } }
                model: { llama: { vocabulary: 280, width: 16, layers: 2, heads: 4, key-heads: 2, hidden: 32, context: 16, init: glorot-normal } }
                steps:
                  - prune: { score: magnitude, ratio: 0.5 }
                  - save: pruned
                """.formatted(text, text));
        for (int i = 0; i < RECOVERIES.length; i++)
            spec.append("""
                      - recover: { as: r%d, data: text, batch: 4, steps: 6, watch: { data: text, every: 1 }, optimise: { adamw: { rate: 0.01 } }, %s }
                      - evaluate: { as: e%d, data: text, metrics: [loss, sparsity] }
                      - restore: pruned
                    """.formatted(i, RECOVERIES[i], i).indent(0));
        return spec.toString();
    }
}
