package org.espalier.methods.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.espalier.engine.Graph;
import org.espalier.engine.Tensor;
import org.espalier.launch.CpuDevice;
import org.junit.jupiter.api.Test;

class PerplexityTest {
    private final TextFixture text = new TextFixture();

    @Test
    void ofAModelThatKnowsNothingIsTheVocabulary() {
        text.model.parameter("lm_head.weight").load(new float[TextFixture.VOCABULARY * 16]);
        Map<String, Double> found = text.measure(new Perplexity(100));
        assertThat(found.get("perplexity")).isCloseTo(TextFixture.VOCABULARY, within(1e-4));
        assertThat(found.get("perplexity.low")).isCloseTo(TextFixture.VOCABULARY, within(1e-4));
        assertThat(found).containsEntry("windows", 5.0).containsEntry("scored-tokens", 40.0);
    }

    @Test
    void isTheMeanOverWindowsEachScoredAlone() {
        double sum = 0;
        for (int w = 0; w < 5; w++) sum += loss(w);
        Map<String, Double> found = text.measure(new Perplexity(100));
        assertThat(found.get("perplexity")).isCloseTo(Math.exp(sum / 5), within(1e-3));
        assertThat(found.get("perplexity.low")).isLessThan(found.get("perplexity"));
        assertThat(found.get("perplexity.high")).isGreaterThan(found.get("perplexity"));
    }

    /** The mean loss of one window from its logits, by plain loops. */
    private double loss(int window) {
        float[] tokens = new float[9];
        TextFixture.DATA.copy(window, tokens, 0);
        try (CpuDevice device = new CpuDevice(1)) {
            Graph g = Graph.forEvaluation();
            Tensor input = text.model.input(g, 1);
            System.arraycopy(tokens, 0, input.value(), 0, 9);
            Tensor logits = text.model.forward(g, input);
            device.compile(g.launches()).run();
            double sum = 0;
            for (int t = 0; t < 8; t++) {
                float[] row = Arrays.copyOfRange(
                        logits.value(), t * TextFixture.VOCABULARY, (t + 1) * TextFixture.VOCABULARY);
                double total = 0;
                for (float l : row) total += Math.exp(l);
                sum += Math.log(total) - row[(int) tokens[t + 1]];
            }
            return sum / 8;
        }
    }

    @Test
    void refusesWhatIsNoText() {
        assertThatThrownBy(() -> new MetricFixture().measure(new Perplexity(100)))
                .hasMessageContaining("measured on windows of text");
        assertThatThrownBy(() -> new Perplexity(10)).hasMessageContaining("at least 100");
    }
}
