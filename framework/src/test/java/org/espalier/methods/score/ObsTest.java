package org.espalier.methods.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.espalier.methods.Sites;
import org.espalier.prune.Evidence;
import org.junit.jupiter.api.Test;

class ObsTest {
    private static Evidence gram(float... gram) {
        return Sites.evidence(1, Map.of("GRAM", gram));
    }

    /** H = (2 1; 1 2) has U = (0.8165 −0.4082; 0 0.7071), so a weight of the first column costs 1.5 w², one of the second 2 w². */
    @Test
    void isWhatTheOutputLosesIfColumnsToTheRightMakeUp() {
        float[] score = new Obs(0).score(Sites.weight("w", 2, 2, 1, 2, 2, 1), gram(2, 1, 1, 2));
        assertThat(score[0]).isCloseTo(1.5f, within(1e-5f));
        assertThat(score[1]).isCloseTo(8f, within(1e-5f));
        assertThat(score[2]).isCloseTo(6f, within(1e-5f));
        assertThat(score[3]).isCloseTo(2f, within(1e-5f));
    }

    @Test
    void isTheSquareTimesTheInputsWhereTheyAreIndependent() {
        float[] score = new Obs(0).score(Sites.weight("w", 1, 3, 1, 2, 3), gram(4, 0, 0, 0, 5, 0, 0, 0, 6));
        assertThat(score[0]).isCloseTo(4f, within(1e-5f));
        assertThat(score[1]).isCloseTo(20f, within(1e-5f));
        assertThat(score[2]).isCloseTo(54f, within(1e-5f));
    }

    @Test
    void aColumnWithoutInputIsWorthNothing() {
        float[] score = new Obs(0.01).score(Sites.weight("w", 1, 2, 100, 1), gram(0, 0, 0, 3));
        assertThat(score[0]).isZero();
        assertThat(score[1]).isPositive();
    }
}
