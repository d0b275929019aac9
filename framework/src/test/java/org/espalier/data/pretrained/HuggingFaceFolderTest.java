package org.espalier.data.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.espalier.data.file.ElementType;
import org.espalier.data.file.FileFormatException;
import org.espalier.data.file.SafetensorsWriter;
import org.espalier.data.text.BytePairTokenizer;
import org.espalier.data.text.BytePairs;
import org.espalier.data.text.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HuggingFaceFolderTest {
    private static final Map<String, Object> SETTINGS = Map.of(
            "model_type",
            "llama",
            "hidden_size",
            4,
            "rms_norm_eps",
            1e-6,
            "tie_word_embeddings",
            true,
            "layer_types",
            List.of("a", "b"),
            "eos_token_id",
            List.of(1, 106),
            "rope",
            Map.of("theta", 1e4));

    @TempDir
    Path folder;

    private static float[] drawn(int size) {
        Random random = new Random(size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private Config config() {
        return Config.of(folder.resolve("config.json"), SETTINGS);
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"F32", "F16", "BF16"})
    void whatIsWrittenIsReadAgain(ElementType type) throws IOException {
        float[] large = drawn(300_000);
        BytePairTokenizer tokenizer = BytePairs.train("to be or not to be", 270);
        new HuggingFaceWriter(config(), type)
                .tensor("a.weight", first -> large, 300, 1000)
                .tensor("b.bias", first -> new float[] {1, -0.5f, Float.NaN, Float.POSITIVE_INFINITY}, 4)
                .tokenizer(tokenizer)
                .write(folder.resolve("model"));
        try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("model"))) {
            assertThat(checkpoint.names()).containsExactly("a.weight", "b.bias");
            assertThat(checkpoint.shape("a.weight")).containsExactly(300, 1000);
            float[] read = GgufCheckpointTest.read(checkpoint, "a.weight");
            for (int i = 0; i < large.length; i++) {
                assertThat(read[i]).isEqualTo(rounded(large[i], type));
            }
            float[] rows = new float[140_000];
            checkpoint.rows("a.weight", 150, 140, rows, 0);
            assertThat(rows).isEqualTo(Arrays.copyOfRange(read, 150_000, 290_000));
            assertThatThrownBy(() -> checkpoint.rows("a.weight", 299, 2, rows, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(GgufCheckpointTest.read(checkpoint, "b.bias"))
                    .containsExactly(1, -0.5f, Float.NaN, Float.POSITIVE_INFINITY);
            assertThat(checkpoint.config().text("model_type")).isEqualTo("llama");
            Tokenizer found = checkpoint.tokenizer().orElseThrow();
            assertThat(found.encode("not to be")).isEqualTo(tokenizer.encode("not to be"));
            assertThat(checkpoint.digest()).hasSize(64);
        }
    }

    @Test
    void tensorsMayComeInParts() throws IOException {
        float[] whole = drawn(1000);
        new HuggingFaceWriter(config(), ElementType.F32)
                .tensor("a", first -> Arrays.copyOfRange(whole, first, Math.min(1000, first + 300)), 10, 100)
                .write(folder);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(GgufCheckpointTest.read(checkpoint, "a")).isEqualTo(whole);
        }
        for (int wrong : new int[] {0, 7})
            assertThatThrownBy(() -> new HuggingFaceWriter(config(), ElementType.F32)
                            .tensor("a", first -> new float[wrong], 10)
                            .write(folder))
                    .hasMessageContaining("'a' was given " + wrong + " elements");
    }

    /** By arithmetic rather than bits: the nearest multiple of the spacing that the type has at this size. */
    private static float rounded(float value, ElementType type) {
        if (type == ElementType.F32) {
            return value;
        }
        int digits = type == ElementType.F16 ? 10 : 7;
        int exponent = Math.max(Math.getExponent(value), type == ElementType.F16 ? -14 : -126);
        double spacing = Math.scalb(1.0, exponent - digits);
        return (float) (Math.rint(value / spacing) * spacing);
    }

    @Test
    void aNewFolderReplacesTheOldOneOnItsOwnSource() throws IOException {
        new HuggingFaceWriter(config(), ElementType.F32)
                .tensor("a", first -> new float[] {1, 2}, 2)
                .write(folder);
        try (Checkpoint source = Checkpoint.open(folder)) {
            new HuggingFaceWriter(source.config(), ElementType.F32)
                    .tensor("a", first -> GgufCheckpointTest.read(source, "a"), 2)
                    .tensor("b", first -> new float[] {3}, 1)
                    .write(folder);
        }
        try (Checkpoint again = Checkpoint.open(folder.resolve("config.json"))) {
            assertThat(GgufCheckpointTest.read(again, "a")).containsExactly(1, 2);
            assertThat(again.names()).containsExactly("a", "b");
            assertThat(again.tokenizer()).isEmpty();
        }
    }

    @Test
    void shardsAreOneModel() throws IOException {
        new SafetensorsWriter().floats("a", new float[] {1, 2}).write(folder.resolve("model-1.safetensors"));
        new SafetensorsWriter().floats("b", new float[] {3}).write(folder.resolve("model-2.safetensors"));
        Files.writeString(folder.resolve("config.json"), "{}");
        index("\"a\":\"model-1.safetensors\",\"b\":\"model-2.safetensors\"");
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.names()).containsExactly("a", "b");
            assertThat(GgufCheckpointTest.read(checkpoint, "b")).containsExactly(3);
        }
    }

    private void index(String map) throws IOException {
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"metadata\":{\"total_size\":12},\"weight_map\":{" + map + "}}");
    }

    @Test
    void wrongIndexesAreRefusedWithTheTensor() throws IOException {
        new SafetensorsWriter().floats("a", new float[] {1, 2}).write(folder.resolve("model-1.safetensors"));
        Files.writeString(folder.resolve("config.json"), "{}");
        for (String bad : new String[] {
            "\"b\":\"model-1.safetensors\"",
            "\"a\":\"model-2.safetensors\"",
            "\"a\":\"../model-1.safetensors\"",
            "\"a\":\"/etc/passwd\"",
            "\"a\":\"..\"",
            "\"a\":\"\"",
            "\"a\":7",
            "\"a\":\"config.json\"",
            "\"a\":\"model-1.safetensors\",\"a\":\"model-1.safetensors\""
        }) {
            index(bad);
            assertThatThrownBy(() -> Checkpoint.open(folder)).as(bad).isInstanceOf(FileFormatException.class);
        }
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\":[]}");
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContainingAll("model.safetensors.index.json", "weight_map");
    }

    @Test
    void aConfigurationSaysWhichKeyIsWrong() throws IOException {
        Config config = config();
        assertThat(config.integer("hidden_size")).isEqualTo(4);
        assertThat(config.number("hidden_size")).isEqualTo(4);
        assertThat(config.list("layer_types")).containsExactly("a", "b");
        assertThat(config.integers("eos_token_id")).containsExactly(1, 106);
        assertThat(config.integers("hidden_size")).containsExactly(4);
        assertThat(config.nested("rope").number("theta")).isEqualTo(1e4);
        assertThat(config.optionalInteger("absent")).isEmpty();
        assertThat(config.optionalNested("rope")).isPresent();
        assertThatThrownBy(() -> config.integer("absent"))
                .isInstanceOf(FileFormatException.class)
                .hasMessage(folder.resolve("config.json") + ", key 'absent': is missing; it should be a whole number");
        assertThatThrownBy(() -> config.nested("rope").text("theta"))
                .hasMessageContaining("key 'rope.theta': should be a text, not 10000.0");
        assertThatThrownBy(() -> config.optionalFlag("model_type")).hasMessageContaining("'model_type'");
        assertThatThrownBy(() -> config.integer("rms_norm_eps")).hasMessageContaining("a whole number, not 1.0E-6");
        Path file = Files.writeString(folder.resolve("c.json"), "{\"a\":null,\"b\":99999999999}");
        Config read = Config.read(file);
        assertThat(read.has("a")).isFalse();
        assertThat(read.keys()).containsExactly("b");
        assertThatThrownBy(() -> read.integer("b")).isInstanceOf(FileFormatException.class);
    }

    @Test
    void brokenConfigurationsAreRefused() throws IOException {
        for (String bad : new String[] {
            "",
            "{",
            "[]",
            "7",
            "{\"a\":1,\"a\":2}",
            "{} x",
            "\u0000",
            "\u0000\u0000\u0000{\"a\":1}", // looks like UTF-32, and is none
            "{\"a\":".repeat(1000),
            "{\"a\":1" + "0".repeat(99) + "}"
        }) {
            Path file = Files.writeString(folder.resolve("config.json"), bad);
            assertThatThrownBy(() -> Config.read(file))
                    .as(bad.substring(0, Math.min(20, bad.length())))
                    .isInstanceOf(FileFormatException.class)
                    .hasMessageContaining("config.json");
        }
    }

    @Test
    void manyThreadsReadAtOnce() throws Exception {
        float[] large = drawn(1_000_000);
        new HuggingFaceWriter(config(), ElementType.F32)
                .tensor("a", first -> large, 1000, 1000)
                .write(folder);
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Callable<float[]> reading = () -> GgufCheckpointTest.read(checkpoint, "a");
            for (Future<float[]> read : threads.invokeAll(
                    IntStream.range(0, 6).mapToObj(i -> reading).toList())) {
                assertThat(read.get()).isEqualTo(large);
            }
        }
    }

    @Test
    void whatIsNotThereIsNamed() throws IOException {
        assertThatThrownBy(() -> Checkpoint.open(folder.resolve("none"))).hasMessageContaining("none");
        assertThatThrownBy(() -> Checkpoint.open(folder)).hasMessageContaining("no config.json");
        Files.writeString(folder.resolve("config.json"), "{}");
        assertThatThrownBy(() -> Checkpoint.open(folder)).hasMessageContaining("no model.safetensors");
        new SafetensorsWriter().ints("a", new int[] {1}).write(folder.resolve("model.safetensors"));
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThatThrownBy(() -> checkpoint.read("a", new float[1]))
                    .isInstanceOf(FileFormatException.class)
                    .hasMessageContaining("I32");
            assertThatThrownBy(() -> checkpoint.read("b", new float[1])).hasMessageContaining("'b'");
        }
    }
}
