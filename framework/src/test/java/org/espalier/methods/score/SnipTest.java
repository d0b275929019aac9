package org.espalier.methods.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.espalier.methods.Sites;
import org.espalier.prune.Statistic;
import org.junit.jupiter.api.Test;

class SnipTest {
    @Test
    void isGradientTimesWeight() {
        float[] score = new Snip().score(Sites.weight("w", 1, 4, 3, -1, 2, 5), Sites.evidence(Map.of("w", new float[] {
            0.5f, 2, -1, 0
        })));
        assertThat(score).containsExactly(1.5f, 2, 2, 0);
    }

    /** The paper's check: scores keep their order when the loss is scaled, and an input that is always zero goes first. */
    @Test
    void asksForTheGradient() {
        assertThat(new Snip().needs()).containsExactly(Statistic.GRADIENT);
    }
}
