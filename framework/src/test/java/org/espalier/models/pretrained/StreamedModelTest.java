package org.espalier.models.pretrained;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.espalier.data.TokenWindows;
import org.espalier.data.file.ElementType;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.engine.Parameter;
import org.espalier.launch.ApartDevice;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.measure.Evaluator;
import org.espalier.models.GoldenFolder;
import org.espalier.models.Model;
import org.espalier.prune.Pruning;
import org.espalier.prune.Recipe;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A language model that is pruned block by block from its files becomes what it becomes when it is in memory. */
class StreamedModelTest {
    private static final String MAGNITUDE = "{ score: magnitude, ratio: 0.5 }";
    private static final String WANDA = "{ score: wanda, pattern: { unstructured: row }, ratio: 0.5 }";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                MAGNITUDE,
                WANDA,
                "{ score: wanda, pattern: { unstructured: row }, allocate: owl, ratio: 0.6 }",
                "{ score: obs, refine: obs-sweep, pattern: { n-of-m: { keep: 2, of: 4 } }, ratio: 0.5 }"
            })
    void becomesWhatItBecomesInMemory(String recipe) throws IOException {
        LlamaFolder made = new LlamaFolder(folder.resolve("model"), 32, 64, 4).written();
        Path pruned = folder.resolve("pruned");
        stream(made.path(), pruned, recipe);
        same(made.path(), pruned, recipe);
    }

    /**
     * Tables tied to the head or not, multiplied by a factor, and one of positions; of none but the last is all in memory. Three batches,
     * on the CPU and where kernels see copies of what they are told of.
     */
    @ParameterizedTest
    @ValueSource(strings = {"tiny-llama", "tiny-llama-tied", "tiny-gemma3", "tiny-gpt2"})
    void losesWhatItLosesInMemory(String name) throws IOException {
        Path files = GoldenFolder.own(name).path("model");
        try (Checkpoint file = Checkpoint.open(files);
                StreamedModel streamed = StreamedModel.open(files, folder, LENGTH);
                CpuDevice device = new CpuDevice(2);
                ApartDevice apart = new ApartDevice()) {
            TokenWindows tokens = LlamaFolder.tokens(file.config().integer("vocab_size"), LENGTH, 70);
            double[] expected = losses(device, PretrainedModel.open(file, LENGTH), tokens);
            Table table = new Table(streamed.model().parameters().getFirst(), file);
            table.parameter.back(table);
            assertThat(losses(device, streamed.model(), tokens)).isEqualTo(expected);
            assertThat(losses(apart, streamed.model(), tokens)).isEqualTo(expected);
        }
    }

    private static final int LENGTH = 16;

    private static double[] losses(Device device, Model model, TokenWindows tokens) {
        return new Evaluator(device, model, tokens).losses();
    }

    /** The table of a vocabulary, of which nobody may ask for all at once. */
    private record Table(Parameter parameter, Checkpoint file) implements Parameter.Backing {
        @Override
        public void read(float[] into) {
            throw new AssertionError("all of " + parameter + " is in memory");
        }

        @Override
        public void rows(int first, int count, float[] into, int at) {
            try {
                Storage.of(file).rows(file, parameter, first, count, into, at);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void write(float[] values) {
            throw new AssertionError("nothing changes " + parameter);
        }
    }

    @Test
    void holdsOneBlockAtATime() throws IOException {
        LlamaFolder made = new LlamaFolder(folder.resolve("model"), 32, 64, 3).written();
        List<String> log = new ArrayList<>();
        try (StreamedModel streamed = StreamedModel.open(made.path(), folder, LlamaFolder.length())) {
            for (Parameter p : streamed.model().parameters())
                p.back(new Logging(p, p.value().clone(), log));
            prune(streamed.model(), WANDA);
        }
        for (int b = 1; b < 3; b++) {
            int read = log.lastIndexOf("read model.layers." + b + ".mlp.up_proj.weight");
            for (String weight : List.of("self_attn.q_proj", "mlp.down_proj"))
                assertThat(log.indexOf("wrote model.layers." + (b - 1) + "." + weight + ".weight"))
                        .isBetween(0, read);
        }
        assertThat(log.stream().filter(line -> line.startsWith("wrote")))
                .hasSize(21)
                .doesNotHaveDuplicates();
    }

    private record Logging(Parameter parameter, float[] values, List<String> log) implements Parameter.Backing {
        @Override
        public void read(float[] into) {
            synchronized (log) {
                log.add("read " + parameter.name());
            }
            System.arraycopy(values, 0, into, 0, values.length);
        }

        @Override
        public void rows(int first, int count, float[] into, int at) {
            int columns = parameter.columns();
            System.arraycopy(values, first * columns, into, at, count * columns);
        }

        @Override
        public void write(float[] changed) {
            log.add("wrote " + parameter.name());
            System.arraycopy(changed, 0, values, 0, values.length);
        }
    }

    /** Reliability: a JVM whose heap is one block and 128 MB prunes a model of four times that heap. */
    @Tag("soak")
    @ParameterizedTest
    @ValueSource(strings = {MAGNITUDE, WANDA})
    void prunesFourTimesTheHeap(String recipe) throws Exception {
        LlamaFolder made = new LlamaFolder(folder.resolve("model"), 512, 2048, 39).written();
        long heap = (made.block() + (128L << 20)) >> 20;
        assertThat(Files.size(made.path().resolve("model.safetensors"))).isGreaterThan(4 * heap << 20);
        Path pruned = folder.resolve("pruned");
        long start = System.nanoTime();
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx" + heap + "m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StreamedModelTest.class.getName(),
                        made.path().toString(),
                        pruned.toString(),
                        recipe)
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes());
        assertThat(child.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(child.exitValue()).as(said).isZero();
        System.out.printf(
                "StreamedModelTest: %d MB of weights in a heap of %d MB, %s: %.1f s%n",
                Files.size(made.path().resolve("model.safetensors")) >> 20,
                heap,
                recipe,
                (System.nanoTime() - start) / 1e9);
        same(made.path(), pruned, recipe);
    }

    public static void main(String[] arguments) throws IOException {
        stream(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2]);
    }

    private static void stream(Path from, Path to, String recipe) throws IOException {
        Files.createDirectories(to);
        try (StreamedModel streamed = StreamedModel.open(from, to, LlamaFolder.length())) {
            prune(streamed.model(), recipe);
            streamed.write(to, ElementType.F32);
        }
        try (Stream<Path> left = Files.list(to)) {
            assertThat(left.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("config.json", "model.safetensors");
        }
    }

    private static void prune(Model model, String recipe) {
        try (CpuDevice device = new CpuDevice(2)) {
            new Pruning(device, model, Binder.bind(Recipe.class, Yaml.parse(recipe, "recipe")), 1, "streamed")
                    .prune(new Pruning.Calibration(LlamaFolder.tokens(), 8));
        }
    }

    private static void same(Path original, Path pruned, String recipe) throws IOException {
        try (Checkpoint before = Checkpoint.open(original);
                Checkpoint after = Checkpoint.open(pruned)) {
            Model expected = PretrainedModel.open(before, LlamaFolder.length());
            prune(expected, recipe);
            assertThat(expected.weights()).allMatch(w -> w.density() < 0.9);
            for (Parameter p : expected.parameters()) {
                float[] found = new float[p.size()];
                after.read(p.name(), found);
                assertThat(java.util.Arrays.equals(found, p.value()))
                        .as(p.name())
                        .isTrue();
                p.release();
            }
        }
    }
}
