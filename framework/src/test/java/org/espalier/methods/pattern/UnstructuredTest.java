package org.espalier.methods.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnstructuredTest {
    private static final float[] SCORE = {3, 1, 2, 4, 1, 5, 2, 1};

    /** Han's worked example, |W| = 3 1 2 4 / 1 5 2 1 at one half: exactly four go, not the five a threshold of 2 would take. */
    @Test
    void keepsTheExactNumberOfALayer() {
        assertThat(new Unstructured(Unstructured.Within.LAYER).mask(SCORE, 2, 4, 0.5))
                .containsExactly(true, false, false, true, false, true, true, false);
    }

    @Test
    void keepsTheSameNumberInEveryRow() {
        assertThat(new Unstructured(Unstructured.Within.ROW).mask(SCORE, 2, 4, 0.5))
                .containsExactly(true, false, false, true, false, true, true, false);
        assertThat(new Unstructured(Unstructured.Within.ROW).mask(new float[] {9, 8, 7, 6, 1, 2, 3, 4}, 2, 4, 0.5))
                .containsExactly(true, true, false, false, false, false, true, true);
    }

    @Test
    void ofEqualScoresTheLowerIndexGoes() {
        assertThat(new Unstructured(Unstructured.Within.LAYER).mask(new float[] {1, 1, 1, 1}, 1, 4, 0.5))
                .containsExactly(false, false, true, true);
    }

    @Test
    void reachesBothEnds() {
        assertThat(new Unstructured(Unstructured.Within.LAYER).mask(SCORE, 2, 4, 0))
                .containsOnly(false);
        assertThat(new Unstructured(Unstructured.Within.LAYER).mask(SCORE, 2, 4, 1))
                .containsOnly(true);
    }
}
