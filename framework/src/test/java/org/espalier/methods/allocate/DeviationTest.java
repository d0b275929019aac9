package org.espalier.methods.allocate;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.espalier.methods.Sites;
import org.espalier.methods.score.Magnitude;
import org.espalier.prune.Budget;
import org.junit.jupiter.api.Test;

class DeviationTest {
    /** Of normal weights, 31.73 % lie beyond one standard deviation and 54.85 % beyond 0.6. */
    @Test
    void keepsTheTailsOfANormalLayer() {
        for (double[] known : new double[][] {{1, 0.3173}, {0.6, 0.5485}}) {
            double[] density = new Deviation(known[0])
                    .allocate(Sites.budget(Double.NaN, Budget.Of.ALL, new Magnitude(), Sites.random("w", 500, 500, 1)));
            assertThat(density[0]).isCloseTo(known[1], Offset.offset(0.003));
        }
    }

    /** By hand: 1, −1, 3, −3 have deviation √5, so half of them lie above 1 · √5 = 2.236. */
    @Test
    void matchesAHandExample() {
        assertThat(new Deviation(1)
                        .allocate(Sites.budget(
                                Double.NaN, Budget.Of.ALL, new Magnitude(), Sites.weight("w", 2, 2, 1, -1, 3, -3))))
                .containsExactly(0.5);
    }
}
