package org.espalier.methods.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LossTest {
    @Test
    void isTheMeanCrossEntropyByPlainLoops() {
        MetricFixture fixture = new MetricFixture();
        double sum = 0;
        for (int e = 0; e < MetricFixture.DATA.size(); e++) {
            double[] logits = fixture.logits(e);
            double norm = 0;
            for (double z : logits) norm += Math.exp(z);
            sum += Math.log(norm) - logits[MetricFixture.DATA.label(e)];
        }
        assertThat(fixture.measure(new Loss()).get("loss")).isCloseTo(sum / MetricFixture.DATA.size(), within(1e-5));
    }
}
