package org.espalier.methods.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.espalier.data.TokenWindows;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Tensor;
import org.espalier.launch.CpuDevice;
import org.espalier.measure.Measurement;
import org.junit.jupiter.api.Test;

class StridedPerplexityTest {
    private static final int LENGTH = 9;

    private final TextFixture text = new TextFixture();

    /** Windows 0–8, 5–13, …, 35–43 and, shorter, 40–44: 8 tokens of the first are scored, then 5 each, and the last. */
    @Test
    void scoresTheTokensThatNoEarlierWindowHad() {
        int[] tokens = TextFixture.DATA.sequence();
        double sum = 0;
        int scored = 0;
        for (int begin = 0, done = 0; done < 45; begin += 5) {
            int end = Math.min(begin + LENGTH, 45);
            int[] window = Arrays.copyOfRange(tokens, begin, end);
            float[] logits = logits(window);
            for (int t = 1; t < window.length; t++) {
                if (begin + t < done) continue;
                sum += loss(logits, t - 1, window[t]);
                scored++;
            }
            done = end;
        }
        Map<String, Double> found = text.measure(new StridedPerplexity(5));
        assertThat(found.get("strided-perplexity")).isCloseTo(Math.exp(sum / 44), within(1e-4));
        assertThat(scored).isEqualTo(44);
        assertThat(found)
                .containsEntry("strided-perplexity.windows", 9.0)
                .containsEntry("strided-perplexity.scored-tokens", 44.0);
    }

    @Test
    void isTheUsualPerplexityWhereNothingOverlaps() {
        Map<String, Double> found = text.measure(new StridedPerplexity(LENGTH));
        assertThat(found.get("strided-perplexity"))
                .isCloseTo(text.measure(new Perplexity(100)).get("perplexity"), within(1e-3));
        assertThat(found).containsEntry("strided-perplexity.scored-tokens", 40.0);
    }

    @Test
    void ofAModelThatKnowsNothingIsTheVocabulary() {
        text.model.parameter("lm_head.weight").load(new float[TextFixture.VOCABULARY * 16]);
        for (int stride : new int[] {1, 4})
            assertThat(text.measure(new StridedPerplexity(stride)).get("strided-perplexity"))
                    .isCloseTo(TextFixture.VOCABULARY, within(1e-4));
    }

    @Test
    void refusesWhatHasNoSequence() {
        assertThatThrownBy(() -> new MetricFixture().measure(new StridedPerplexity(4)))
                .hasMessageContaining("language models on windows");
        assertThatThrownBy(() -> text.measure(new StridedPerplexity(10))).hasMessageContaining("passes over tokens");
        assertThatThrownBy(() -> new StridedPerplexity(0)).hasMessageContaining("at least 1");
        TokenWindows apart = new TokenWindows("apart", "none", 11, 4, new int[20], new int[] {0, 8});
        assertThatThrownBy(() -> measure(apart, 2)).hasMessageContaining("are not one sequence");
    }

    /** A beginning token and three of 0–11: ^012 is scored whole, then the new token of ^123, ^234, …, ^9 10 11. */
    @Test
    void beginsItsWindowsAsTheDataDoes() {
        int[] tokens = TextFixture.DATA.sequence();
        TokenWindows begun = new TokenWindows("begun", "none", 11, 4, tokens, new int[] {0, 3, 6, 9}, 7);
        double sum = 0;
        for (int begin = 0; begin + 3 <= 12; begin++) {
            float[] logits = logits(new int[] {7, tokens[begin], tokens[begin + 1], tokens[begin + 2]});
            for (int t = begin == 0 ? 0 : 2; t < 3; t++) sum += loss(logits, t, tokens[begin + t]);
        }
        Map<String, Double> found = measure(begun, 1);
        assertThat(found.get("strided-perplexity")).isCloseTo(Math.exp(sum / 12), within(1e-4));
        assertThat(found)
                .containsEntry("strided-perplexity.windows", 10.0)
                .containsEntry("strided-perplexity.scored-tokens", 12.0);
        assertThatThrownBy(() -> measure(begun, 4)).hasMessageContaining("passes over tokens");
    }

    private Map<String, Double> measure(TokenWindows data, int stride) {
        try (CpuDevice device = new CpuDevice(1)) {
            return new StridedPerplexity(stride).measure(new Measurement(device, text.model, data));
        }
    }

    private float[] logits(int[] window) {
        try (CpuDevice device = new CpuDevice(1)) {
            Graph g = Graph.forEvaluation();
            Tensor input = g.input("tokens", 1, new int[] {window.length}, Layout.ROWS);
            for (int i = 0; i < window.length; i++) input.value()[i] = window[i];
            Tensor logits = text.model.forward(g, input);
            device.compile(g.launches()).run();
            return logits.value();
        }
    }

    private static double loss(float[] logits, int row, int next) {
        double total = 0;
        for (int v = 0; v < TextFixture.VOCABULARY; v++) total += Math.exp(logits[row * TextFixture.VOCABULARY + v]);
        return Math.log(total) - logits[row * TextFixture.VOCABULARY + next];
    }
}
