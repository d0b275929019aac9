package org.espalier.methods.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class StepsTest {
    @Test
    void dropsAtNumbersAndShares() {
        Steps schedule = new Steps(List.of(0.5, 75.0), 0.1, 0);
        assertThat(schedule.factor(49, 100)).isEqualTo(1);
        assertThat(schedule.factor(50, 100)).isEqualTo(0.1);
        assertThat(schedule.factor(75, 100)).isCloseTo(0.01, Offset.offset(1e-12));
    }
}
