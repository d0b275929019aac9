package org.espalier.data.pretrained;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.data.file.FileFormatException;
import org.espalier.data.file.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeftFolderTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    Path folder;

    @Test
    void readsWhatItWrites() throws IOException {
        PeftAdapter lora = new PeftAdapter(
                PeftAdapter.Kind.LORA,
                true,
                0.05,
                Map.of(),
                List.of(
                        layer("h.0.q", 2, 3.5, Optional.empty(), List.of()),
                        layer("h.1.q", 1, 4, Optional.empty(), List.of())));
        PeftFolder.write(lora, folder);
        assertThat(PeftFolder.read(folder)).usingRecursiveComparison().isEqualTo(lora);
        assertThat(Files.readString(folder.resolve("adapter_config.json")))
                .contains("\"lora_alpha\" : 3.5", "\"use_rslora\" : true", "\"lora_dropout\" : 0.05", "\"h.1.q\" : 1");
    }

    @Test
    void keepsTheRanksThatWereKept() throws IOException {
        PeftAdapter adalora = new PeftAdapter(
                PeftAdapter.Kind.ADALORA,
                false,
                0,
                Map.of("total_step", 10),
                List.of(layer("h.0.q", 3, 4, Optional.of(new float[] {7, 8}), List.of(true, false, true))));
        PeftFolder.write(adalora, folder);
        PeftAdapter read = PeftFolder.read(folder);
        assertThat(read.layers()).usingRecursiveComparison().isEqualTo(adalora.layers());
        assertThat(read.factor(read.layers().getFirst())).isEqualTo(4 / 3.00001);
        assertThat(read.layers().getFirst().weighedA()).containsExactly(7, 14, 24, 32);
    }

    /** Two inputs, three outputs. */
    private static PeftAdapter.Layer layer(
            String module, int rank, double alpha, Optional<float[]> values, List<Boolean> kept) {
        int ranks = kept.isEmpty() ? rank : 2;
        float[] a = new float[2 * ranks], b = new float[3 * ranks];
        for (int i = 0; i < a.length; i++) a[i] = i + 1;
        for (int i = 0; i < b.length; i++) b[i] = -i;
        return new PeftAdapter.Layer(module, rank, alpha, 2, 3, a, b, values, Optional.empty(), kept);
    }

    @Test
    void passesOverSettingsItDoesNotKnow() throws IOException {
        copy("lora-peft/adapter");
        config("\"r\": 4,", "\"r\": 4, \"something_new\": {\"a\": [1, 2]},");
        assertThat(PeftFolder.read(folder).layers()).hasSize(14);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"r\": 4,                          | \"r\": 5,                              | is not of rank 5",
                "\"peft_type\": \"LORA\"            | \"peft_type\": \"VERA\"                | known are LORA and ADALORA",
                "\"use_dora\": false                | \"use_dora\": true                     | has no lora_magnitude_vector",
                "\"use_qalora\": false              | \"use_qalora\": true                   | not supported",
                "\"alora_invocation_tokens\": null  | \"alora_invocation_tokens\": [1]       | not supported",
                "\"rank_pattern\": {}               | \"rank_pattern\": {\"(\": 3}           | no regular expression",
                "\"rank_pattern\": {}               | \"rank_pattern\": {\"q_proj\": true}   | should be a number",
                "\"peft_type\": \"LORA\"            | \"peft_type\": \"ADALORA\"             | init_r",
            })
    void refusesWhatWouldComputeSomethingElse(String from, String to, String message) throws IOException {
        copy("lora-peft/adapter");
        config(from, to);
        assertThatThrownBy(() -> PeftFolder.read(folder))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesTensorsThatAreNoFactors() throws IOException {
        copy("lora-peft/adapter");
        float[] two = new float[2], four = new float[4];
        for (SafetensorsWriter file : List.of(
                new SafetensorsWriter().floats("base_model.model.q.weight", two, 2),
                new SafetensorsWriter().floats("base_model.model.q.lora_A.weight", four, 4, 1),
                new SafetensorsWriter()
                        .floats("base_model.model.q.lora_A.weight", four, 4, 1)
                        .floats("base_model.model.q.lora_B.weight", two, 1, 2),
                new SafetensorsWriter())) {
            file.write(folder.resolve("adapter_model.safetensors"));
            assertThatThrownBy(() -> PeftFolder.read(folder)).isInstanceOf(FileFormatException.class);
        }
    }

    @Test
    void refusesSizesThatNoLayerHas() throws IOException {
        copy("lora-peft/adapter");
        config("\"r\": 4,", "\"r\": 2,");
        for (long[] sizes : new long[][] {{2, 0, 3}, {2, 3, 0}, {0, 3, 3}, {2, 1L << 40, 3}, {1L << 40, 0, 0}}) {
            weights(new long[] {sizes[0], sizes[1]}, new long[] {sizes[2], sizes[0]});
            assertThatThrownBy(() -> PeftFolder.read(folder))
                    .as(Arrays.toString(sizes))
                    .isInstanceOf(FileFormatException.class)
                    .hasMessageContaining("adapter_model.safetensors, byte ");
        }
    }

    /** An adapter of one layer, without its numbers: those of sizes that come to none are there, of others missing. */
    private void weights(long[] a, long[] b) throws IOException {
        String json = "{" + tensor("A", a, 0) + "," + tensor("B", b, bytes(a)) + "}";
        byte[] header = json.getBytes(UTF_8);
        ByteBuffer file = ByteBuffer.allocate((int) Math.min(1000, 8 + header.length + bytes(a) + bytes(b)));
        file.order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header);
        Files.write(folder.resolve("adapter_model.safetensors"), file.array());
    }

    private static String tensor(String factor, long[] shape, long begin) {
        return "\"base_model.model.q.lora_%s.weight\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}"
                .formatted(factor, shape[0], shape[1], begin, begin + bytes(shape));
    }

    private static long bytes(long[] shape) {
        return 4 * shape[0] * shape[1];
    }

    @Test
    void refusesAPatternThatTakesTimeWithoutEnd() throws IOException {
        PeftAdapter.Layer layer = layer("a".repeat(100), 2, 1, Optional.empty(), List.of());
        PeftFolder.write(new PeftAdapter(PeftAdapter.Kind.LORA, false, 0, Map.of(), List.of(layer)), folder);
        config("\"rank_pattern\" : { }", "\"rank_pattern\" : {\"((a|b|aa)*)*c\": 3}");
        assertThatThrownBy(() -> PeftFolder.read(folder))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContaining("takes too long");
    }

    @Test
    void refusesPatternsOfEndlessLength() throws IOException {
        copy("lora-peft/adapter");
        config("\"rank_pattern\": {}", "\"rank_pattern\": {\"" + "(".repeat(60_000) + "\": 3}");
        assertThatThrownBy(() -> PeftFolder.read(folder))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContaining("more than 1000 characters");
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> PeftFolder.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no adapter is in")
                .hasMessageContaining("adapter_config.json");
    }

    private void copy(String golden) throws IOException {
        for (String name : new String[] {"adapter_config.json", "adapter_model.safetensors"})
            Files.write(
                    folder.resolve(name),
                    Files.readAllBytes(GOLDEN.resolve(golden).resolve(name)));
    }

    private void config(String from, String to) throws IOException {
        Path file = folder.resolve("adapter_config.json");
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }
}
