package org.espalier.methods.optimise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.espalier.methods.schedule.Constant;
import org.junit.jupiter.api.Test;

class SgdTest {
    /** By hand: v = 0.9 · v + g, w −= 0.1 · v, from 1 with gradients 1 and 2: v = 1, 2.9. */
    @Test
    void followsItsVelocity() {
        var after = Updates.of(new Sgd(0.1, 0.9, 0, false, new Constant(0)), 1, 1, 2);
        assertThat(after.get(0)).isCloseTo(0.9f, within(1e-6f));
        assertThat(after.get(1)).isCloseTo(0.61f, within(1e-6f));
    }

    /** With Nesterov: directions 1 + 0.9 · 1 = 1.9 and 2 + 0.9 · 2.9 = 4.61. */
    @Test
    void looksAheadWithNesterov() {
        var after = Updates.of(new Sgd(0.1, 0.9, 0, true, new Constant(0)), 1, 1, 2);
        assertThat(after.get(0)).isCloseTo(0.81f, within(1e-6f));
        assertThat(after.get(1)).isCloseTo(0.349f, within(1e-6f));
    }

    /** Decay adds 0.5 · w to the gradient: 1 + 0.5 = 1.5. */
    @Test
    void decaysThroughTheGradient() {
        assertThat(Updates.of(new Sgd(0.1, 0, 0.5, false, new Constant(0)), 1, 1)
                        .getFirst())
                .isCloseTo(0.85f, within(1e-6f));
    }
}
