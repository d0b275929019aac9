package org.espalier.methods.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.espalier.methods.Sites;
import org.espalier.prune.Cut;
import org.espalier.prune.Evidence;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

class GblmTest {
    private static final Site.Weight SITE = Sites.weight("w", 1, 4, 3, -1, 2, -4);

    /** Inputs of norms 1, 4, 1/2 and 2, gradients of norms 0.01, 0, 0.03 and 0. */
    private static final Evidence EVIDENCE = Sites.evidence(
            1,
            Map.of(
                    "INPUT_SQUARES",
                    new float[] {1, 16, 0.25f, 4},
                    "GRADIENT_SQUARES",
                    new float[] {1e-4f, 0, 9e-4f, 0},
                    "GRADIENT_ABSOLUTE",
                    new float[] {0.01f, 0, 0.03f, 0}));

    @Test
    void addsTheGradientsNormToTheInputs() {
        for (Gblm.Norm norm : Gblm.Norm.values()) {
            float[] score = new Gblm(100, norm).score(SITE, EVIDENCE);
            float[] expected = {6, 4, 7, 8};
            for (int i = 0; i < 4; i++) assertThat(score[i]).isCloseTo(expected[i], within(1e-4f));
        }
    }

    @Test
    void keepsOthersThanWanda() {
        String recipe = "{ score: %s, pattern: { unstructured: row }, ratio: 0.5 }";
        Cut gblm = Sites.cut(SITE, recipe.formatted("gblm"), EVIDENCE);
        assertThat(gblm.mask()).containsExactly(false, false, true, true);
        Cut wanda = Sites.cut(SITE, recipe.formatted("wanda"), EVIDENCE);
        assertThat(wanda.mask()).containsExactly(false, true, false, true);
    }

    @Test
    void withoutGradientIsWanda() {
        assertThat(new Gblm(0, Gblm.Norm.L2).score(SITE, EVIDENCE)).isEqualTo(new Wanda().score(SITE, EVIDENCE));
    }
}
