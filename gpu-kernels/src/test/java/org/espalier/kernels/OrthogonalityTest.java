package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OrthogonalityTest {
    /** A·Aᵀ − I = ((2, 1), (1, −0.5)): the squares sum to 6.25. */
    @Test
    void isTheNormOfWhatDiffersFromTheIdentity() {
        float[] gram = {3, 1, 1, 0.5f}, terms = new float[3];
        Orthogonality.term(terms, gram, 2, 0.1f, 0, 1, 0, 1);
        assertThat(terms[1]).isCloseTo(0.25f, within(1e-6f));
        assertThat(gram[1]).isCloseTo(2 * 0.1f / 2.5f, within(1e-6f));
        float[] again = {3, 1, 1, 0.5f};
        Orthogonality.term(terms, again, 2, 0.1f, 1, 2, 0, 1);
        assertThat(terms[2]).isCloseTo(0.625f, within(1e-6f));
        assertThat(again[3]).isCloseTo(4 * 0.1f * -0.5f, within(1e-6f));
    }

    @Test
    void anOrthonormalMatrixHasNoGradient() {
        float[] gram = {1, 0, 0, 1}, terms = {7};
        Orthogonality.term(terms, gram, 2, 0.1f, 0, 0, 0, 1);
        assertThat(terms).containsExactly(0);
        assertThat(gram).containsOnly(0);
    }
}
