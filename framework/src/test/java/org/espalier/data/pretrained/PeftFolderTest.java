package org.espalier.data.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
