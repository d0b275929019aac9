package org.espalier.methods.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.espalier.engine.Parameter;
import org.junit.jupiter.api.Test;

class BytesTest {
    private static final double DENSE = 4.0 * (112 + 8 + 56 + 7);

    /**
     * fc1 is 8 × 14 with 56 survivors: 448 bytes dense; 8 · 56 + 4 · 9 = 484 as compressed rows; 4 · 56 + 4 · 8 + 4 · 9 = 292 with a
     * word of bits for each row.
     */
    @Test
    void takesTheSmallestForm() {
        MetricFixture fixture = new MetricFixture();
        assertThat(fixture.measure(new Bytes()))
                .containsEntry("bytes.dense", DENSE)
                .containsEntry("bytes.compressed", DENSE + 36)
                .containsEntry("bytes.bitmap", DENSE - 448 + 292)
                .containsEntry("bytes.two-of-four", DENSE)
                .containsEntry("bytes", DENSE - 448 + 292)
                .containsEntry("bytes.file.dense", DENSE / 2)
                .containsEntry("bytes.file", 2.0 * (8 + 56 + 7) + 112 + 32 + 36)
                .containsEntry("smallest-form.bitmap", 1.0)
                .containsEntry("smallest-form.dense", 1.0);
    }

    @Test
    void compressesTheRowsOfVeryFewSurvivors() {
        MetricFixture fixture = new MetricFixture();
        float[] mask = new float[112];
        mask[3] = 1;
        fixture.model.parameter("fc1.weight").mask(mask);
        assertThat(fixture.measure(new Bytes()))
                .containsEntry("bytes", DENSE - 448 + 8 + 36)
                .containsEntry("smallest-form.compressed", 1.0);
    }

    /** fc2 is 7 × 8: two of four are 28 values and 56 bits. */
    @Test
    void packsTwoOfFour() {
        MetricFixture fixture = new MetricFixture();
        Parameter weight = fixture.model.weights().get(1);
        float[] mask = new float[56];
        for (int i = 0; i < 56; i++) mask[i] = i % 4 < 2 ? 1 : 0;
        weight.mask(mask);
        Map<String, Double> found = fixture.measure(new Bytes());
        assertThat(found)
                .containsEntry("bytes.two-of-four", DENSE - 224 + 4 * 28 + 7)
                .containsEntry("bytes", DENSE - 448 + 292 - 224 + 4 * 28 + 7)
                .containsEntry("smallest-form.two-of-four", 1.0);
    }
}
