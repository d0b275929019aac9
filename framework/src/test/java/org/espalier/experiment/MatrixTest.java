package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.launch.ApartDevice;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.launch.RehearsingDevice;
import org.espalier.launch.TornadoDevice;
import org.espalier.models.Zoo;
import org.espalier.prune.Allocator;
import org.espalier.prune.Pattern;
import org.espalier.prune.Refiner;
import org.espalier.prune.Scorer;
import org.espalier.select.Selector;
import org.espalier.spec.Families;
import org.espalier.spec.SpecException;
import org.espalier.spec.Yaml;
import org.espalier.track.Tracker;
import org.espalier.track.Tracking;
import org.espalier.train.Adapter;
import org.espalier.train.Hook;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every pruning with every recovery, and every selection with each of both, for three steps on a very small language model: it runs and
 * keeps what its families promise, or it is refused before anything runs, with a reason.
 */
class MatrixTest {
    /** Prunings, and how much each of them removes; NaN where the method itself decides. */
    private static final Map<String, Double> PRUNINGS = prunings();

    private static final List<String> RECOVERIES = List.of(
            "adapt: { lora: { rank: 2 } }, zeros: fill",
            "adapt: { lora: { rank: 2, dora: true } }, zeros: fill",
            "adapt: { lora: { rank: 2 } }", // refused: it would fill zeros
            "adapt: { adalora: { initial: 3, rank: 2 } }, zeros: fill",
            "adapt: { lors: { rank: 2, examples: 4 } }",
            "adapt: { lors: { rank: 2, gradient: exact, start: uniform } }",
            "adapt: { sqft: { rank: 2, alpha: 4 } }",
            "adapt: { spp: { rank: 4 } }",
            "adapt: { s2ft: { output: 0.5, down: 0.2 } }",
            "adapt: { s2ft: { value: 0.5, up: 0.2, fill: true } }, zeros: fill",
            "hooks: { q-tuning: { samples: 0.5 } }",
            "clip: 1"); // all surviving weights

    private static final List<String> SELECTIONS = List.of(
            "by: all",
            "keep: 8, by: at-random",
            "keep: 8, by: { dsir: { target: target, buckets: 100 } }",
            "keep: 8, by: grand",
            "keep: 8, by: { paser: { encoder: ENCODER, tokens: 16, most: 3, concepts: 2 } }");

    /** They judge by classes, which tokens have not. */
    private static final List<String> REFUSED =
            List.of("keep: 8, by: { el2n: { batch: 4, steps: 2, optimise: adam } }");

    private static CpuDevice device;

    @TempDir
    private static Path home;

    private static Map<String, Double> prunings() {
        Map<String, Double> all = new HashMap<>();
        for (String score : List.of("magnitude", "random", "snip", "taylor", "wanda", "gblm", "obs"))
            all.put("score: " + score + ", ratio: 0.5", 0.5);
        for (String allocation : List.of(
                "uniform",
                "global: { floor: 0.01 }",
                "er",
                "erk",
                "owl",
                "arithmetic: { beta: 0.05 }",
                "rmi",
                "ecoflap"))
            all.put(
                    "score: wanda, ratio: 0.5, allocate: { "
                            + (allocation.contains(":") ? allocation : allocation + ": {}") + " }",
                    0.5);
        all.put("score: magnitude, allocate: { per-layer: { rates: {} } }, ratio: 0.5", 0.5);
        all.put("score: magnitude, allocate: { deviation: { quality: 0.5 } }", Double.NaN);
        all.put("score: magnitude, allocate: pq-index", Double.NaN);
        for (String within : List.of("row", "columns", "layer"))
            all.put("score: wanda, pattern: { unstructured: { within: " + within + " } }, ratio: 0.5", 0.5);
        all.put("score: wanda, pattern: { n-of-m: { keep: 2, of: 4 } }, ratio: 0.5", 0.5);
        all.put("score: wanda, pattern: { n-of-m: { of: 4 } }, allocate: owl, ratio: 0.5", Double.NaN);
        all.put("score: wanda, pattern: { n-of-m: { keep: 2, of: 4 } }, allocate: owl, ratio: 0.5", 0.5); // refused
        for (String refine : List.of("dsnot", "least-squares", "bias-compensation"))
            all.put("score: wanda, refine: " + refine + ", ratio: 0.5", 0.5);
        all.put("score: obs, refine: obs-sweep, pattern: { unstructured: { within: columns } }, ratio: 0.5", 0.5);
        return all;
    }

    @BeforeAll
    static void write() throws IOException {
        device = new CpuDevice(2);
        Files.createDirectories(home);
        Files.writeString(home.resolve("corpus.txt"), text(400, 7));
        Files.writeString(home.resolve("target.txt"), text(200, 3));
    }

    private static String text(int words, int step) {
        List<String> known =
                List.of("the", "river", "runs", "over", "old", "stones", "and", "nobody", "counts", "them");
        return IntStream.range(0, words)
                .mapToObj(i -> known.get(i * i % step % known.size()) + (i % 11 == 10 ? "." : ""))
                .collect(Collectors.joining(" "));
    }

    @AfterAll
    static void close() {
        device.close();
    }

    @Test
    void everyMethodIsHere() {
        String all = PRUNINGS.keySet() + " " + RECOVERIES + " " + SELECTIONS + " " + REFUSED;
        for (Class<?> family : List.of(
                Scorer.class, Allocator.class, Pattern.class, Refiner.class, Adapter.class, Hook.class, Selector.class))
            for (String method : Families.members(family).keySet())
                assertThat(all).as("a combination with " + method).containsPattern("[: ]" + method + "\\b");
    }

    @Test
    void selectionsByClassesAreRefused() {
        for (String selection : REFUSED)
            assertThatThrownBy(() -> plan(spec("score: magnitude, ratio: 0.5", "clip: 1", selection)))
                    .hasMessageContaining("classes");
    }

    @TestFactory
    Stream<DynamicTest> everyPairRunsOrIsRefusedWithAReason() {
        List<String> prunings = PRUNINGS.keySet().stream().sorted().toList();
        List<DynamicTest> tests = new ArrayList<>();
        for (int p = 0; p < prunings.size(); p++)
            for (int r = 0; r < RECOVERIES.size(); r++) {
                String pruning = prunings.get(p), recovery = RECOVERIES.get(r);
                String selection = SELECTIONS.get((p + r) % SELECTIONS.size());
                tests.add(DynamicTest.dynamicTest(
                        pruning + " | " + recovery + " | " + selection, () -> run(pruning, recovery, selection)));
            }
        return tests.stream();
    }

    private void run(String pruning, String recovery, String selection) throws IOException {
        String spec = spec(pruning, recovery, selection);
        Program program;
        try {
            program = plan(spec);
        } catch (IllegalArgumentException | SpecException e) {
            assertThat(e.getMessage()).as("a reason").hasSizeGreaterThan(30);
            assertThat(refusals(pruning, recovery))
                    .as("refused: " + e.getMessage())
                    .isTrue();
            return;
        }
        assertThat(refusals(pruning, recovery)).as("not refused").isFalse();
        check(metrics(run(program, spec, device, home.resolve("reports"))), PRUNINGS.get(pruning), recovery);
    }

    /** Every kernel that a language model's selection, pruning and recovery use, on a GPU beside the CPU. */
    @Test
    @Tag("gpu")
    void kernelsComputeTheSameOnAGpu() throws IOException {
        List<String> prunings = PRUNINGS.keySet().stream().sorted().toList();
        try (TornadoDevice gpu = TornadoDevice.open("gpu", 1);
                RehearsingDevice both = new RehearsingDevice(gpu)) {
            for (int p = 0; p < prunings.size(); p++) {
                String pruning = prunings.get(p), recovery = RECOVERIES.get(p * 7 % RECOVERIES.size());
                if (refusals(pruning, recovery)) continue;
                String spec = spec(pruning, recovery, SELECTIONS.get(p % SELECTIONS.size()));
                run(plan(spec), spec, both, home.resolve("gpu"));
            }
            System.out.println("on the GPU as on the CPU: " + both.compared());
            assertThat(both.compared()).hasSizeGreaterThan(40);
        }
    }

    private static RunFolder run(Program program, String spec, Device device, Path reports) throws IOException {
        Runner.Result result;
        try (Tracker tracker = Tracking.open(reports, Map.of(), notice -> {})) {
            result = new Runner(home, home.resolve("datasets"), reports, device, tracker, Progress.SILENT, new Stop())
                    .run(program, Map.of("spec.yaml", spec), "none");
        }
        assertThat(result.outcome()).isIn(Runner.Outcome.FINISHED, Runner.Outcome.ALREADY_FINISHED);
        return result.folder();
    }

    /** Nothing in the framework looks at an array that a device has written, or writes one it reads, without saying so. */
    @TestFactory
    Stream<DynamicTest> aDeviceWithAMemoryOfItsOwnGivesTheSameBits() {
        List<String> prunings = PRUNINGS.keySet().stream().sorted().toList();
        return IntStream.range(0, prunings.size())
                .filter(p -> !refusals(prunings.get(p), RECOVERIES.get(p * 7 % RECOVERIES.size())))
                .mapToObj(p -> {
                    String recovery = RECOVERIES.get(p * 7 % RECOVERIES.size());
                    String selection = SELECTIONS.get(p % SELECTIONS.size());
                    return DynamicTest.dynamicTest(
                            prunings.get(p) + " | " + recovery + " | " + selection,
                            () -> runApart(spec(prunings.get(p), recovery, selection)));
                });
    }

    private static void runApart(String spec) throws IOException {
        Program program = plan(spec);
        RunFolder here = run(program, spec, device, home.resolve("reports"));
        try (ApartDevice apart = new ApartDevice()) {
            RunFolder there = run(program, spec, apart, home.resolve("apart"));
            assertThat(apart.uploaded()).isPositive();
            assertThat(metrics(there)).isEqualTo(metrics(here));
            try (Stream<Path> files = Files.list(here.path().resolve("model"))) {
                for (Path file : files.toList())
                    assertThat(there.path().resolve("model").resolve(file.getFileName()))
                            .hasSameBinaryContentAs(file);
            }
        }
    }

    private static Program plan(String spec) {
        return Planner.plan(
                Experiment.bind(Yaml.parse(spec, "matrix.yaml"), ""), new Zoo.Places(home, home.resolve("datasets")));
    }

    private static boolean refusals(String pruning, String recovery) {
        boolean uneven = pruning.contains("keep: 2") && pruning.contains("owl");
        boolean fills = recovery.equals("adapt: { lora: { rank: 2 } }");
        return uneven || fills || pruning.contains("bias-compensation"); // Llama has no biases
    }

    private static void check(Map<String, Double> metrics, double ratio, String recovery) {
        double pruned = metrics.get("pruned/weights-left"), recovered = metrics.get("recovered/weights-left");
        if (!Double.isNaN(ratio)) assertThat(pruned).as("weights left").isBetween(1 - ratio - 0.02, 1 - ratio + 0.02);
        else assertThat(pruned).isLessThan(1);
        if (recovery.contains("fill") && !recovery.contains("s2ft"))
            assertThat(recovered).isEqualTo(1);
        else if (recovery.contains("fill")) assertThat(recovered).isGreaterThan(pruned);
        else assertThat(recovered).isEqualTo(pruned);
        assertThat(metrics.get("recovered/loss")).isFinite();
    }

    private static Map<String, Double> metrics(RunFolder folder) throws IOException {
        Map<String, Double> metrics = new HashMap<>();
        for (String line : Files.readAllLines(folder.metrics())) {
            String[] cells = line.split(",");
            if (!cells[0].equals("run")) metrics.put(cells[2], Double.parseDouble(cells[3]));
        }
        return metrics;
    }

    private static String spec(String pruning, String recovery, String selection) {
        String encoder = Path.of("src/test/resources/golden/tiny-bert/model")
                .toAbsolutePath()
                .toString();
        boolean calibrated = !pruning.startsWith("score: magnitude") && !pruning.startsWith("score: random");
        return """
                name: matrix
                data:
                  corpus: { windows: { of: { text-file: %s }, length: 16, bos: each } }
                  target: { windows: { of: { text-file: %s }, length: 16, bos: each } }
                tokenizer: { size: 290, of: { text-file: %s } }
                model: { llama: { vocabulary: 290, width: 16, layers: 2, heads: 4, key-heads: 2, hidden: 32, context: 32, init: glorot-normal } }
                steps:
                  - save: dense
                  - prune: { %s%s }
                  - evaluate: { as: pruned, data: target, metrics: [sparsity, loss] }
                  - select: { from: corpus, to: chosen, %s }
                  - recover: { data: chosen, batch: 4, steps: 3, optimise: { adamw: { rate: 0.01 } }, %s }
                  - evaluate: { as: recovered, data: target, metrics: [sparsity, loss] }
                """.formatted(
                        home.resolve("corpus.txt"),
                        home.resolve("target.txt"),
                        home.resolve("corpus.txt"),
                        pruning,
                        calibrated ? ", calibrate: { data: corpus, samples: 8 }" : "",
                        selection.replace("ENCODER", encoder),
                        recovery);
    }
}
