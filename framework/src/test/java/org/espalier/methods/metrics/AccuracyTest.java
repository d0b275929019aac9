package org.espalier.methods.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccuracyTest {
    @Test
    void countsExamplesByPlainLoops() {
        MetricFixture fixture = new MetricFixture();
        int right = 0;
        for (int e = 0; e < MetricFixture.DATA.size(); e++) {
            double[] logits = fixture.logits(e);
            int best = 0;
            for (int c = 1; c < logits.length; c++) if (logits[c] > logits[best]) best = c;
            if (best == MetricFixture.DATA.label(e)) right++;
        }
        assertThat(fixture.measure(new Accuracy()))
                .containsEntry("accuracy", right / (double) MetricFixture.DATA.size());
    }
}
