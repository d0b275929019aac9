package org.espalier.methods.optimise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.espalier.methods.schedule.Constant;
import org.junit.jupiter.api.Test;

/** The paper's algorithm by hand; beside it, the golden tests compare six steps of whole networks with PyTorch. */
class AdamTest {
    @Test
    void correctsItsBias() {
        double rate = 0.1, b1 = 0.9, b2 = 0.999, w = 1, m = 0, v = 0;
        float[] gradients = {0.3f, -2f, 0.7f};
        var after = Updates.of(new Adam(rate, b1, b2, 1e-8, 0, new Constant(0)), 1, gradients);
        for (int t = 1; t <= 3; t++) {
            double g = gradients[t - 1];
            m = b1 * m + (1 - b1) * g;
            v = b2 * v + (1 - b2) * g * g;
            w -= rate * (m / (1 - Math.pow(b1, t))) / (Math.sqrt(v / (1 - Math.pow(b2, t))) + 1e-8);
            assertThat(after.get(t - 1)).isCloseTo((float) w, within(1e-5f));
        }
    }
}
