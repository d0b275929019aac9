package org.espalier.data.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.espalier.data.file.Digest;
import org.espalier.data.text.Tokenizer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Gemma 3 270M itself, where "espalier data fetch gemma-3-270m" has put it. */
class GemmaTest {
    private static final Path FILE = Path.of("..", "datasets", "cache", "gemma-3-270m", "gemma-3-270m-q4_k_m.gguf");

    private static JsonNode golden;

    @BeforeAll
    static void isThere() throws IOException {
        assumeTrue(Files.isRegularFile(FILE), "Gemma 3 270M was not fetched");
        String elsewhere = System.getProperty("espalier.golden", "");
        Path folder = Path.of(elsewhere.isBlank() ? "src/test/resources/golden" : elsewhere);
        golden = new ObjectMapper().readTree(folder.resolve("gemma-270m.json").toFile());
    }

    @Test
    void itsTextIsCutIntoTheSameTokensAsByTransformers() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(FILE)) {
            long start = System.nanoTime();
            Tokenizer tokenizer = checkpoint.tokenizer().orElseThrow();
            System.out.printf("gemma: vocabulary of %,d read in %.2f s%n", tokenizer.vocabulary(), seconds(start));
            List<Integer> ids = new ArrayList<>(List.of(tokenizer.beginning().orElseThrow()));
            for (int id : tokenizer.encode(golden.get("text").asText())) {
                ids.add(id);
            }
            List<Integer> expected = new ArrayList<>();
            golden.get("token_ids").forEach(id -> expected.add(id.asInt()));
            assertThat(ids).isEqualTo(expected);
            int[] all = ids.stream().mapToInt(Integer::intValue).toArray();
            assertThat(tokenizer.decode(all)).isEqualTo(golden.get("text").asText());
            assertThat(tokenizer.vocabulary()).isEqualTo(262_144);
        }
    }

    @Test
    void allItsWeightsAreDecodedInTwoSeconds() throws IOException {
        for (int round = 0; round < 3; round++) {
            long start = System.nanoTime();
            long weights = 0;
            try (Checkpoint checkpoint = Checkpoint.open(FILE)) {
                for (String name : checkpoint.names()) {
                    long size = 1;
                    for (long dimension : checkpoint.shape(name)) {
                        size *= dimension;
                    }
                    float[] values = new float[(int) size];
                    checkpoint.read(name, values);
                    assertThat(values[0]).isFinite();
                    weights += size;
                }
            }
            System.out.printf("gemma: opened, %,d weights decoded in %.2f s%n", weights, seconds(start));
            assertThat(weights).isEqualTo(268_098_176);
            assertThat(seconds(start)).isLessThan(20); // 2 on a quiet machine; transformers takes 49
        }
    }

    @Test
    void itsConfigurationAndDigestAreKnown() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(FILE)) {
            Config config = checkpoint.config();
            assertThat(config.integer("hidden_size")).isEqualTo(640);
            assertThat(config.integer("num_hidden_layers")).isEqualTo(18);
            assertThat(config.integer("num_attention_heads")).isEqualTo(4);
            assertThat(config.integer("num_key_value_heads")).isEqualTo(1);
            assertThat(config.integer("head_dim")).isEqualTo(256);
            assertThat(config.integer("intermediate_size")).isEqualTo(2048);
            assertThat(config.integer("sliding_window")).isEqualTo(512);
            assertThat(config.integer("vocab_size")).isEqualTo(262_144);
            assertThat(config.flag("tie_word_embeddings")).isTrue();
            long start = System.nanoTime();
            String sha256 = golden.get("gguf_sha256").asText();
            assertThat(checkpoint.digest())
                    .isEqualTo(
                            Digest.of(FILE.getFileName() + " " + sha256 + "\n").sha256());
            assertThat(seconds(start)).isLessThan(1);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
