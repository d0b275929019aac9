package org.espalier.methods.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The worked examples of the index: equal weights 0, one-hot of four 0.75, (9, 1, 1, 0.25) 0.3278 and, for p = 1 and q = 2, 0.3828. */
class SparsityIndexTest {
    private final MetricFixture fixture = new MetricFixture();

    private Map<String, Double> of(SparsityIndex index, float... pattern) {
        float[] output = fixture.model.parameter("output.weight").value();
        for (int i = 0; i < output.length; i++) output[i] = pattern[i % pattern.length] * (i % 3 == 0 ? -1 : 1);
        return fixture.measure(index);
    }

    @Test
    void saysHowUnequalTheWeightsOfALayerAre() {
        SparsityIndex half = new SparsityIndex(0.5, 1);
        assertThat(of(half, 3))
                .hasEntrySatisfying("pq-index.output", v -> assertThat(v).isCloseTo(0, within(1e-6)));
        assertThat(of(half, 1, 0, 0, 0).get("pq-index.output")).isCloseTo(0.75, within(1e-6));
        assertThat(of(half, 9, 1, 1, 0.25f).get("pq-index.output")).isCloseTo(0.3278, within(5e-5));
        assertThat(of(new SparsityIndex(1, 2), 9, 1, 1, 0.25f).get("pq-index.output"))
                .isCloseTo(0.3828, within(5e-5));
    }

    @Test
    void looksAtSurvivorsAlone() {
        float[] first = fixture.model.parameter("fc1.weight").value();
        Arrays.fill(first, 2); // where the mask keeps them; what is masked stays zero
        assertThat(of(new SparsityIndex(0.5, 1), 2))
                .containsOnlyKeys("pq-index", "pq-index.fc1", "pq-index.output")
                .allSatisfy((name, v) -> assertThat(v).isCloseTo(0, within(1e-6)));
    }

    @Test
    void refusesNormsInTheWrongOrder() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SparsityIndex(2, 1))
                .withMessageContaining("p < q");
    }
}
