package org.espalier.methods.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.espalier.methods.Sites;
import org.junit.jupiter.api.Test;

class TaylorTest {
    /** Two examples with gradients (1, 2) and (−1, 0): the first weight's pulls do not cancel. */
    @Test
    void sumsTheSquaredChangesOfEachExample() {
        float[] score = new Taylor()
                .score(Sites.weight("w", 1, 2, 3, -0.5f), Sites.evidence(1, Map.of("GRADIENT_SQUARES", new float[] {2, 4
                })));
        assertThat(score).containsExactly(18, 1);
    }
}
