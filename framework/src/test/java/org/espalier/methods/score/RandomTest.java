package org.espalier.methods.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.espalier.methods.Sites;
import org.junit.jupiter.api.Test;

class RandomTest {
    @Test
    void isUniformAndTheSameForTheSameSite() {
        float[] score = new Random().score(Sites.weight("w", 100, 100), Sites.evidence(Map.of()));
        double sum = 0;
        for (float s : score) {
            assertThat(s).isBetween(0f, 1f);
            sum += s;
        }
        assertThat(sum / score.length).isBetween(0.49, 0.51);
        assertThat(new Random().score(Sites.weight("w", 100, 100), Sites.evidence(Map.of())))
                .isEqualTo(score);
        assertThat(new Random().score(Sites.weight("v", 100, 100), Sites.evidence(Map.of())))
                .isNotEqualTo(score);
    }
}
