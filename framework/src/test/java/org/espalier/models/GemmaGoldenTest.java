package org.espalier.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Losses;
import org.espalier.launch.CpuDevice;
import org.espalier.models.pretrained.PretrainedModel;
import org.junit.jupiter.api.Test;

/** Gemma 3 270M from its file, against the log probabilities that transformers gives a paragraph. Skipped where the file was not fetched. */
class GemmaGoldenTest {
    private static final Path FILE = Path.of("../datasets/cache/gemma-3-270m/gemma-3-270m-q4_k_m.gguf");

    @Test
    void givesTransformersLogProbabilities() throws IOException {
        assumeTrue(Files.exists(FILE), "espalier data fetch gemma-3-270m was not run");
        JsonNode golden = new ObjectMapper()
                .readTree(GoldenFolder.named(".").path("gemma-270m.json").toFile());
        int[] ids = ints(golden.get("token_ids"));
        long start = System.nanoTime();
        try (Checkpoint file = Checkpoint.open(FILE);
                CpuDevice device = new CpuDevice(2)) {
            assertThat(file.tokenizer().orElseThrow().encode(golden.get("text").asText()))
                    .isEqualTo(Arrays.copyOfRange(ids, 1, ids.length));
            LanguageModel model = (LanguageModel) PretrainedModel.open(file, ids.length);
            System.out.printf("GemmaGoldenTest: opened in %.1f s%n", (System.nanoTime() - start) / 1e9);
            scores(model, device, ids, golden.get("log_probability_of_each_next_token"));
            predicts(model, device, ids, golden.get("top5_after_the_text"));
        }
    }

    private static void scores(LanguageModel model, CpuDevice device, int[] ids, JsonNode expected) {
        Graph g = Graph.forEvaluation();
        Tensor tokens = g.input("tokens", 1, new int[] {ids.length}, Layout.ROWS);
        int[] labels = new int[ids.length];
        float[] weights = new float[ids.length];
        for (int i = 0; i < ids.length; i++) {
            tokens.value()[i] = ids[i];
            labels[i] = i + 1 < ids.length ? ids[i + 1] : 0;
            weights[i] = i + 1 < ids.length ? 1f : 0f;
        }
        Losses.Loss loss = model.loss(g, tokens, labels, weights);
        device.compile(g.launches()).run();
        double worst = 0;
        for (int i = 0; i + 1 < ids.length; i++) {
            double apart = Math.abs(-loss.losses()[i] - expected.get(i).asDouble());
            worst = Math.max(worst, apart);
            assertThat(apart).as("token " + i).isLessThan(2e-3);
        }
        System.out.printf("GemmaGoldenTest: %d log probabilities, worst difference %.1e%n", ids.length - 1, worst);
    }

    private static void predicts(LanguageModel model, CpuDevice device, int[] ids, JsonNode expected) {
        float[] logits = new Generation(device, model, 160).begin(ids);
        double total = 0;
        float largest = Float.NEGATIVE_INFINITY;
        for (float l : logits) largest = Math.max(largest, l);
        for (float l : logits) total += Math.exp(l - largest);
        int[] best = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparing(i -> -logits[i]))
                .limit(5)
                .mapToInt(i -> i)
                .toArray();
        for (int i = 0; i < 5; i++) {
            assertThat(best[i]).isEqualTo(expected.get(i).get(0).asInt());
            double log = logits[best[i]] - largest - Math.log(total);
            assertThat(log).isCloseTo(expected.get(i).get(1).asDouble(), within(2e-3));
        }
    }

    private static int[] ints(JsonNode list) {
        return IntStream.range(0, list.size()).map(i -> list.get(i).asInt()).toArray();
    }
}
