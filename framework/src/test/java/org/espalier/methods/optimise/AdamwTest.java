package org.espalier.methods.optimise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.espalier.methods.schedule.Constant;
import org.junit.jupiter.api.Test;

class AdamwTest {
    /** The first update by hand: decay takes 0.1 · 0.5 · 1 off, then the bias-corrected step is the sign of the gradient. */
    @Test
    void decaysOutsideTheGradient() {
        assertThat(Updates.of(new Adamw(0.1, 0.9, 0.999, 1e-8, 0.5, new Constant(0)), 1, 3)
                        .getFirst())
                .isCloseTo(0.85f, within(1e-5f));
    }

    @Test
    void aZeroGradientStillDecays() {
        assertThat(Updates.of(new Adamw(0.1, 0.9, 0.999, 1e-8, 0.5, new Constant(0)), 1, 0)
                        .getFirst())
                .isCloseTo(0.95f, within(1e-6f));
    }
}
