package org.espalier.methods.allocate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.random.RandomGenerator;
import org.espalier.engine.Rng;
import org.espalier.methods.Sites;
import org.espalier.methods.score.Magnitude;
import org.espalier.prune.Budget;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

class EcoflapTest {
    private static final Ecoflap ECOFLAP = new Ecoflap(1e-3, 0.1, Ecoflap.Unit.BLOCK);
    private static final Site.Weight A = Sites.random("a", 10, 10, 1);
    private static final Site.Weight B = Sites.random("b", 10, 10, 2);
    private static final Budget BUDGET = Sites.budget(0.5, Budget.Of.ALL, new Magnitude(), A, B);

    /** Keep 100 of two hundred: 40 each at least, the other 20 as 1 to 3. */
    @Test
    void dealsOutBeyondTheFloorByScore() {
        double[] density = ECOFLAP.densities(BUDGET, BUDGET.blocks(), new double[] {1, 3});
        assertThat(density[0]).isCloseTo(0.45, within(1e-9));
        assertThat(density[1]).isCloseTo(0.55, within(1e-9));
    }

    @Test
    void equalScoresAreUniformAndNoneKeepsMoreThanAll() {
        assertThat(ECOFLAP.densities(BUDGET, BUDGET.blocks(), new double[] {2, 2}))
                .containsExactly(0.5, 0.5);
        Budget light = Sites.budget(0.05, Budget.Of.ALL, new Magnitude(), A, B);
        double[] density =
                new Ecoflap(1e-3, 0.5, Ecoflap.Unit.BLOCK).densities(light, light.blocks(), new double[] {1, 9});
        assertThat(density[0]).isCloseTo(0.9, within(1e-9));
        assertThat(density[1]).isCloseTo(1, within(1e-9));
    }

    /** The loss of the test's survey is the sum of the weights: the estimate is |Σz|, once per batch. */
    @Test
    void estimatesALinearLossExactly() {
        RandomGenerator random = BUDGET.survey().random(A);
        double expected = 0;
        for (int batch = 0; batch < 2; batch++) {
            double sum = 0;
            for (int i = 0; i < 100; i++) sum += Rng.gaussian(random);
            expected += Math.abs(sum);
        }
        assertThat(ECOFLAP.sensitivity(BUDGET.survey().probe(), A, BUDGET.survey()))
                .isCloseTo(expected, within(1e-2));
        assertThat(List.of(A, B)).isEqualTo(BUDGET.sites());
    }
}
