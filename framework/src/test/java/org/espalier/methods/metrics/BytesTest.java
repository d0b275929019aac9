package org.espalier.methods.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BytesTest {
    /** fc1 is 8 × 14 with 56 survivors: 448 bytes dense, 8 · 56 + 4 · 9 = 484 compressed, so it stays dense. */
    @Test
    void takesTheSmallerForm() {
        MetricFixture fixture = new MetricFixture();
        double dense = 4.0 * (112 + 8 + 56 + 7);
        assertThat(fixture.measure(new Bytes()))
                .containsEntry("bytes.dense", dense)
                .containsEntry("bytes", dense);
        float[] mask = new float[112];
        mask[3] = 1;
        fixture.model.parameter("fc1.weight").mask(mask);
        assertThat(fixture.measure(new Bytes())).containsEntry("bytes", dense - 448 + 8 + 36);
    }
}
