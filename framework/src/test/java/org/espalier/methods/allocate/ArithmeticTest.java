package org.espalier.methods.allocate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import org.espalier.methods.Sites;
import org.espalier.methods.score.Magnitude;
import org.espalier.prune.Budget;
import org.espalier.prune.PruningException;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

class ArithmeticTest {
    private static Budget budget(double ratio, int blocks) {
        Site.Weight[] sites = new Site.Weight[blocks];
        for (int i = 0; i < blocks; i++) sites[i] = Sites.random("w" + i, 20, 20, i);
        return Sites.budget(ratio, Budget.Of.ALL, new Magnitude(), sites);
    }

    @Test
    void laterBlocksLoseMoreInEqualSteps() {
        double[] density = new Arithmetic(0.05).allocate(budget(0.5, 5));
        double[] expected = {0.6, 0.55, 0.5, 0.45, 0.4};
        for (int i = 0; i < 5; i++) assertThat(density[i]).isCloseTo(expected[i], within(1e-9));
    }

    @Test
    void withoutStepIsUniform() {
        assertThat(new Arithmetic(0).allocate(budget(0.5, 3))).containsExactly(0.5, 0.5, 0.5);
    }

    /** The bound for 32 blocks and a ratio of 0.7 is 0.01935. */
    @Test
    void refusesAStepThatWouldRemoveMoreThanAllOrLessThanNothing() {
        new Arithmetic(0.0193).check(budget(0.7, 32));
        assertThat(catchThrowable(() -> new Arithmetic(0.0194).check(budget(0.7, 32))))
                .isInstanceOf(PruningException.class)
                .hasMessageContaining("beta must be at most 0.0193");
    }
}
