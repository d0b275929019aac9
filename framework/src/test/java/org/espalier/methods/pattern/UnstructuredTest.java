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

    /** The rule of several repositories: sorted 1 1 1 2 2 3 4 5, what does not exceed the value at index 4 goes, five entries. */
    @Test
    void aThresholdTakesItsEqualsAsWell() {
        assertThat(new Unstructured(Unstructured.Within.LAYER, 128, Unstructured.Count.THRESHOLD)
                        .mask(SCORE, 2, 4, 0.5))
                .containsExactly(true, false, false, true, false, true, false, false);
    }

    /** Columns 0 and 1 of both rows hold 3 1 1 5, columns 2 and 3 hold 2 4 2 1. */
    @Test
    void keepsTheSameNumberInEveryBlockOfColumns() {
        Unstructured blocks = new Unstructured(Unstructured.Within.COLUMNS, 2, Unstructured.Count.EXACT);
        assertThat(blocks.mask(SCORE, 2, 4, 0.5)).containsExactly(true, false, false, true, false, true, true, false);
        assertThat(blocks.mask(SCORE, 2, 4, 0.25))
                .containsExactly(false, false, false, true, false, true, false, false);
        assertThat(new Unstructured(Unstructured.Within.COLUMNS, 3, Unstructured.Count.EXACT)
                        .mask(new float[] {9, 8, 7, 6}, 1, 4, 0.34))
                .containsExactly(true, false, false, false);
    }
}
