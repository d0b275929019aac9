package org.espalier.methods.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpeedTest {
    @Test
    void isPositiveAndKeptApartFromResults() {
        assertThat(new MetricFixture().measure(new Speed(3)).get("examples-per-second"))
                .isPositive()
                .isFinite();
        assertThat(new Speed(3).timing()).isTrue();
    }
}
