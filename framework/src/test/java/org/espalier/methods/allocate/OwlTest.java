package org.espalier.methods.allocate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.espalier.methods.Sites;
import org.espalier.methods.score.Magnitude;
import org.espalier.prune.Budget;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

class OwlTest {
    private static final Owl OWL = new Owl(0.08, 5, Owl.Unit.BLOCK);

    @Test
    void moreOutliersMeanLessRemoved() {
        check(OWL.removed(new double[] {1, 2, 3}, 0.7), 0.78, 0.70, 0.62);
        check(OWL.removed(new double[] {1, 1, 4}, 0.7), 0.7533333, 0.7533333, 0.5933333);
    }

    @Test
    void equalBlocksLoseTheSame() {
        check(OWL.removed(new double[] {2, 2, 2}, 0.7), 0.7, 0.7, 0.7);
    }

    /** Mean 1.9 of the first layer's ten weights, 10 alone exceeds five times that; the second layer has no outlier. */
    @Test
    void countsWhatExceedsAMultipleOfTheMean() {
        Site.Weight first = Sites.weight("a", 2, 5, 10, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        Site.Weight second = Sites.weight("b", 2, 5, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        double[] density = OWL.allocate(Sites.budget(0.5, Budget.Of.ALL, new Magnitude(), first, second));
        check(density, 0.58, 0.42);
    }

    private static void check(double[] actual, double... expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) assertThat(actual[i]).isCloseTo(expected[i], within(1e-6));
    }
}
