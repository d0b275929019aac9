package org.espalier.methods.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FlopsTest {
    @Test
    void countsTwoForEachSurvivingWeight() {
        assertThat(new MetricFixture().measure(new Flops()))
                .containsEntry("flops", 2.0 * (56 + 56))
                .containsEntry("flops.dense", 2.0 * (112 + 56));
    }
}
