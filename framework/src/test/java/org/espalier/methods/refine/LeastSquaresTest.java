package org.espalier.methods.refine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.espalier.methods.Sites;
import org.espalier.prune.Cut;
import org.espalier.prune.Evidence;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

class LeastSquaresTest {
    /** With H = (2 1; 1 2) and column 1 gone, w₀ + w₁ · H₀₁/H₀₀ = 2 + 1/2 is the optimum that a sweep to the right cannot reach. */
    @Test
    void findsTheOptimumOnEitherSide() {
        Evidence evidence = Sites.evidence(1, Map.of("GRAM", new float[] {2, 1, 1, 2}));
        Cut cut = Sites.cut(
                Sites.weight("w", 2, 2, 2, 1, 1, 2),
                "{ score: magnitude, pattern: { unstructured: row }, ratio: 0.5 }",
                evidence);
        new LeastSquares(50, 1e-6, 0).refine(cut);
        float[] expected = {2.5f, 0, 0, 2.5f};
        for (int i = 0; i < 4; i++) assertThat(cut.current()[i]).isCloseTo(expected[i], within(1e-5f));
    }

    /** At the optimum no survivor can improve: the gradient (ŵ − w)·H is zero there. */
    @Test
    void leavesNoGradientOnTheSurvivors() {
        int columns = 24;
        float[] x = Sites.random("x", 100, columns, 2).parameter().value();
        Evidence evidence = Sites.seen(columns, x);
        Site.Weight site = Sites.random("w", 5, columns, 3);
        Cut cut = Sites.cut(site, "{ score: wanda, pattern: { unstructured: row }, ratio: 0.5 }", evidence);
        new LeastSquares(100, 1e-7, 0).refine(cut);
        float[] h = evidence.of(site, org.espalier.prune.Statistic.GRAM);
        for (int r = 0; r < 5; r++)
            for (int c = 0; c < columns; c++) {
                double gradient = 0;
                for (int k = 0; k < columns; k++)
                    gradient += (cut.current()[r * columns + k] - cut.original()[r * columns + k]) * h[k * columns + c];
                if (cut.mask()[r * columns + c]) assertThat(gradient).isCloseTo(0, within(2e-2));
                else assertThat(cut.current()[r * columns + c]).isZero();
            }
    }

    @Test
    void isNeverFurtherFromTheDenseOutputThanTheSweep() {
        int columns = 20;
        float[] x = Sites.random("x", 60, columns, 5).parameter().value();
        Evidence evidence = Sites.seen(columns, x);
        Site.Weight site = Sites.random("w", 7, columns, 6);
        String recipe = "{ score: magnitude, ratio: 0.5 }";
        Cut swept = Sites.cut(site, recipe, evidence), solved = Sites.cut(site, recipe, evidence);
        new ObsSweep(128, 0).refine(swept);
        new LeastSquares(100, 1e-7, 0).refine(solved);
        float[] w = site.parameter().value();
        assertThat(ObsSweepTest.error(w, solved.current(), x, columns))
                .isLessThanOrEqualTo(1.0001 * ObsSweepTest.error(w, swept.current(), x, columns));
    }
}
