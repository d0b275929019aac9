package org.espalier.methods.refine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.espalier.methods.Sites;
import org.espalier.prune.Cut;
import org.espalier.prune.Evidence;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

class ObsSweepTest {
    private static final Evidence TIED = Sites.evidence(1, Map.of("GRAM", new float[] {2, 1, 1, 2}));

    private static Cut swept(String score, String pattern, Evidence evidence, Site.Weight site, double damping) {
        String recipe = "{ score: %s, pattern: %s, ratio: 0.5 }".formatted(score, pattern);
        Cut cut = Sites.cut(site, recipe, evidence);
        new ObsSweep(128, damping).refine(cut);
        for (int i = 0; i < cut.mask().length; i++) if (!cut.mask()[i]) cut.weights()[i] = 0f;
        return cut;
    }

    /** Scores 1.5 and 8: column 0 goes, and column 1 makes up for half of it, which is the least-squares optimum. */
    @Test
    void theColumnToTheRightMakesUp() {
        Cut cut = swept("{ obs: 0 }", "{ unstructured: row }", TIED, Sites.weight("w", 1, 2, 1, 2), 0);
        assertThat(cut.mask()).containsExactly(false, true);
        assertThat(cut.current()[1]).isCloseTo(2.5f, within(1e-5f));
    }

    /** Scores 6 and 2: column 1 goes; what lies to the left is settled by then. */
    @Test
    void theColumnToTheLeftIsSettled() {
        Cut cut = swept("{ obs: 0 }", "{ unstructured: row }", TIED, Sites.weight("w", 1, 2, 2, 1), 0);
        assertThat(cut.current()).containsExactly(2, 0);
    }

    /** After column 0 of each group has gone, the later group is chosen by weights that have changed. */
    @Test
    void chooseAgainGroupByGroup() {
        Evidence evidence =
                Sites.seen(8, Sites.random("x", 30, 8, 5).parameter().value());
        Site.Weight site = Sites.random("w", 40, 8, 6);
        Cut once = Sites.cut(site, "{ score: obs, pattern: { n-of-m: { keep: 2, of: 4 } }, ratio: 0.5 }", evidence);
        Cut cut = swept("obs", "{ n-of-m: { keep: 2, of: 4 } }", evidence, site, 0.01);
        boolean[] first = new boolean[40 * 4], firstOnce = new boolean[40 * 4];
        for (int r = 0; r < 40; r++) {
            System.arraycopy(cut.mask(), r * 8, first, r * 4, 4);
            System.arraycopy(once.mask(), r * 8, firstOnce, r * 4, 4);
        }
        assertThat(first).isEqualTo(firstOnce);
        assertThat(cut.mask()).isNotEqualTo(once.mask());
    }

    @Test
    void theScaleOfTheStatisticsDoesNotMatterAndTheOutputIsNearerThanWithoutUpdate() {
        float[] x = Sites.random("x", 60, 20, 5).parameter().value();
        float[] scaled = x.clone();
        for (int i = 0; i < x.length; i++) scaled[i] *= 4;
        for (String score : new String[] {"obs", "wanda", "magnitude"}) {
            Site.Weight site = Sites.random("w", 7, 20, 6);
            Evidence evidence = Sites.seen(20, x);
            Cut cut = swept(score, "{ unstructured: row }", evidence, site, 0.01);
            assertThat(swept(score, "{ unstructured: row }", Sites.seen(20, scaled), site, 0.01)
                            .mask())
                    .isEqualTo(cut.mask());
            float[] masked = site.parameter().value().clone();
            for (int i = 0; i < masked.length; i++) if (!cut.mask()[i]) masked[i] = 0f;
            assertThat(error(site.parameter().value(), cut.current(), x, 20))
                    .as(score)
                    .isLessThan(error(site.parameter().value(), masked, x, 20));
        }
    }

    /** Blocks are a matter of speed: with a mask that stands, their size hardly shows. */
    @Test
    void blocksOfAnySizeGiveTheSameWeights() {
        Evidence evidence =
                Sites.seen(20, Sites.random("x", 60, 20, 5).parameter().value());
        Site.Weight site = Sites.random("w", 7, 20, 6);
        String recipe = "{ score: magnitude, ratio: 0.5 }";
        Cut whole = Sites.cut(site, recipe, evidence), parts = Sites.cut(site, recipe, evidence);
        new ObsSweep(128, 0.01).refine(whole);
        new ObsSweep(3, 0.01).refine(parts);
        for (int i = 0; i < 140; i++) assertThat(parts.current()[i]).isCloseTo(whole.current()[i], within(1e-4f));
    }

    @Test
    void groupsThatDoNotFillABlockAreRefused() {
        assertThat(catchThrowable(() -> Sites.cut(
                        Sites.random("w", 2, 12, 1),
                        "{ score: obs, pattern: { n-of-m: { keep: 2, of: 4 } }, ratio: 0.5, refine: { obs-sweep: { block: 6 } } }",
                        TIED)))
                .hasMessageContaining("no whole groups of 4");
    }

    static double error(float[] w, float[] v, float[] x, int columns) {
        double error = 0;
        for (int row = 0; row < w.length; row += columns)
            for (int token = 0; token < x.length; token += columns) {
                double sum = 0;
                for (int c = 0; c < columns; c++) sum += (w[row + c] - v[row + c]) * (double) x[token + c];
                error += sum * sum;
            }
        return error;
    }
}
