package org.espalier.methods.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConstantTest {
    @Test
    void risesAndStays() {
        Constant schedule = new Constant(4);
        assertThat(schedule.factor(0, 100)).isEqualTo(0.25);
        assertThat(schedule.factor(3, 100)).isEqualTo(1);
        assertThat(schedule.factor(99, 100)).isEqualTo(1);
    }
}
