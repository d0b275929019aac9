package org.espalier.methods.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SparsityTest {
    @Test
    void countsWeightsAndNoBiases() {
        assertThat(new MetricFixture().measure(new Sparsity()))
                .containsEntry("density.fc1", 0.5)
                .containsEntry("density.output", 1.0)
                .containsEntry("weights", 56.0 + 56)
                .containsEntry("weights-left", 112.0 / 168);
    }
}
