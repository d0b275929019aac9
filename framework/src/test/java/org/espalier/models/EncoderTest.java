package org.espalier.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.espalier.data.file.Safetensors;
import org.espalier.data.file.SafetensorsWriter;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.data.text.Tokenizer;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Tensor;
import org.espalier.launch.CpuDevice;
import org.espalier.models.pretrained.PretrainedModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small random BERT that transformers saved, with the vectors that it made of a few texts; its README says how. */
class EncoderTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/tiny-bert");
    private static final CpuDevice DEVICE = new CpuDevice(2);
    private static final List<String> TEXTS = new ArrayList<>();
    private static final List<int[]> IDS = new ArrayList<>();
    private static Encoder encoder;
    private static Tokenizer tokenizer;

    @BeforeAll
    static void open() throws IOException {
        JsonNode expected =
                new ObjectMapper().readTree(GOLDEN.resolve("expected.json").toFile());
        for (JsonNode text : expected.get("texts")) TEXTS.add(text.asText());
        for (JsonNode ids : expected.get("ids")) IDS.add(new ObjectMapper().convertValue(ids, int[].class));
        try (Checkpoint file = Checkpoint.open(GOLDEN.resolve("model"))) {
            encoder = PretrainedModel.encoder(file);
            tokenizer = file.tokenizer().orElseThrow();
        }
    }

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    private static float[] golden(String name) throws IOException {
        try (Safetensors file = Safetensors.open(GOLDEN.resolve("embeddings.safetensors"))) {
            return file.floats(name);
        }
    }

    private static float[] joined(float[][] rows) {
        float[] all = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) System.arraycopy(rows[i], 0, all, i * rows[0].length, rows[0].length);
        return all;
    }

    @Test
    void cutsTextsAsTheLibraryDoes() {
        for (int i = 0; i < TEXTS.size(); i++) {
            int[] ids = IDS.get(i);
            assertThat(tokenizer.encode(TEXTS.get(i))).isEqualTo(Arrays.copyOfRange(ids, 1, ids.length - 1));
        }
        assertThat(tokenizer.beginning()).hasValue(2);
        assertThat(tokenizer.end()).hasValue(3);
    }

    @Test
    void givesTransformersHiddenStates() throws IOException {
        int[] ids = IDS.get(3);
        Graph g = Graph.forEvaluation();
        Tensor tokens = g.input("tokens", 1, new int[] {ids.length}, Layout.ROWS);
        for (int i = 0; i < ids.length; i++) tokens.value()[i] = ids[i];
        Tensor hidden = encoder.hidden(g, tokens);
        DEVICE.compile(g.launches()).run();
        assertThat(GoldenFolder.distance(hidden.value(), golden("hidden.3"))).isLessThan(1);
    }

    @Test
    void givesTransformersMeansOfTextsOfAnyLength() throws IOException {
        assertThat(GoldenFolder.distance(joined(encoder.embed(DEVICE, IDS)), golden("mean")))
                .isLessThan(1);
        float[][] units = encoder.embed(DEVICE, tokenizer, TEXTS, 40, true);
        assertThat(GoldenFolder.distance(joined(units), golden("unit"))).isLessThan(1);
    }

    @Test
    void aTextsVectorDoesNotDependOnTheOthers() {
        List<int[]> many = new ArrayList<>();
        for (int i = 0; i < 300; i++) many.add(IDS.get(i % IDS.size()));
        Collections.reverse(many);
        float[][] together = encoder.embed(DEVICE, many);
        for (int i = 0; i < 6; i++)
            assertThat(GoldenFolder.distance(together[299 - i], encoder.embed(DEVICE, List.of(IDS.get(i)))[0]))
                    .isLessThan(0.1); // products of other sizes add in another order
        try (CpuDevice other = new CpuDevice(3)) {
            assertThat(encoder.embed(other, many)).isDeepEqualTo(together);
        }
    }

    @Test
    void looksAtTheBeginningOfLongTextsOnly() {
        String text = "the cat sat on the mat ".repeat(20);
        float[][] cut = encoder.embed(DEVICE, tokenizer, List.of(text, "the cat sat"), 5, false);
        assertThat(cut[0]).isEqualTo(cut[1]);
        assertThatThrownBy(() -> encoder.embed(DEVICE, tokenizer, List.of(text), 100, false))
                .hasMessageContaining("takes 1 to 40");
    }

    @Test
    void readsNamesWithTheFirstWordToo(@TempDir Path folder) throws IOException {
        Files.copy(GOLDEN.resolve("model/config.json"), folder.resolve("config.json"));
        try (Safetensors file = Safetensors.open(GOLDEN.resolve("model/model.safetensors"))) {
            SafetensorsWriter renamed = new SafetensorsWriter();
            for (var tensor : file.tensors().values())
                renamed.floats(
                        "bert." + tensor.name(),
                        file.floats(tensor.name()),
                        tensor.shape().stream().mapToInt(Long::intValue).toArray());
            renamed.write(folder.resolve("model.safetensors"));
        }
        try (Checkpoint file = Checkpoint.open(folder)) {
            assertThat(PretrainedModel.encoder(file).embed(DEVICE, IDS)).isDeepEqualTo(encoder.embed(DEVICE, IDS));
        }
    }

    @Test
    void refusesOtherNetworks() throws IOException {
        try (Checkpoint file = Checkpoint.open(GoldenFolder.named("tiny-llama").path("model"))) {
            assertThatThrownBy(() -> PretrainedModel.encoder(file)).hasMessageContaining("known is bert");
        }
    }
}
