package org.espalier.methods.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CosineTest {
    @Test
    void fallsAlongHalfACosine() {
        Cosine schedule = new Cosine(0, 0);
        assertThat(schedule.factor(0, 100)).isEqualTo(1);
        assertThat(schedule.factor(50, 100)).isCloseTo(0.5, Offset.offset(1e-12));
        assertThat(schedule.factor(25, 100)).isCloseTo(0.5 * (1 + Math.sqrt(0.5)), Offset.offset(1e-12));
        assertThat(schedule.factor(100, 100)).isCloseTo(0, Offset.offset(1e-12));
    }

    @Test
    void beginsAfterTheWarmUpAndEndsAtTheFloor() {
        Cosine schedule = new Cosine(10, 0.1);
        assertThat(schedule.factor(4, 110)).isEqualTo(0.5);
        assertThat(schedule.factor(10, 110)).isEqualTo(1);
        assertThat(schedule.factor(110, 110)).isCloseTo(0.1, Offset.offset(1e-12));
    }
}
