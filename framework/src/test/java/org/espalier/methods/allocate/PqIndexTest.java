package org.espalier.methods.allocate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.espalier.methods.Sites;
import org.espalier.methods.score.Magnitude;
import org.espalier.prune.Budget;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

/** The worked examples: equal weights, one-hot, and (9, 1, 1, 0.25). */
class PqIndexTest {
    private static final PqIndex HALF = new PqIndex(0.5, 1, 0, 1, 0.9, PqIndex.Scope.LAYER);
    private static final PqIndex ONE_TWO = new PqIndex(1, 2, 0, 1, 0.9, PqIndex.Scope.LAYER);

    @Test
    void prunesAsManyAsTheIndexSpares() {
        assertThat(pruned(HALF, 1, 1, 1, 1)).isZero();
        assertThat(pruned(ONE_TWO, 1, 1, 1, 1)).isZero();
        assertThat(pruned(HALF, 1, 0, 0, 0)).isEqualTo(3);
        assertThat(pruned(ONE_TWO, 1, 0, 0, 0)).isEqualTo(3);
        assertThat(pruned(HALF, 9, 1, 1, 0.25f)).isEqualTo(1);
        assertThat(pruned(ONE_TWO, 9, 1, 1, 0.25f)).isEqualTo(2);
    }

    @Test
    void doesNotChangeWithScale() {
        assertThat(pruned(ONE_TWO, 900, 100, 100, 25)).isEqualTo(2);
    }

    @Test
    void sharesAnIndexOverTheNetwork() {
        Site.Weight a = Sites.weight("a", 1, 2, 9, 1);
        Site.Weight b = Sites.weight("b", 1, 2, 1, 0.25f);
        double[] density = new PqIndex(1, 2, 0, 1, 0.9, PqIndex.Scope.NETWORK)
                .allocate(Sites.budget(Double.NaN, Budget.Of.ALL, new Magnitude(), a, b));
        assertThat(density[0] * 2 + density[1] * 2).isEqualTo(2);
        assertThat(density[0]).isGreaterThanOrEqualTo(0.5);
    }

    private static long pruned(PqIndex index, float... values) {
        return index.pruned(List.of(Sites.weight("w", 1, values.length, values)));
    }
}
