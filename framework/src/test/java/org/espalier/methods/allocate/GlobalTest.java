package org.espalier.methods.allocate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.assertj.core.data.Offset;
import org.espalier.methods.Sites;
import org.espalier.methods.score.Magnitude;
import org.espalier.methods.score.Random;
import org.espalier.prune.Budget;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

class GlobalTest {
    @Test
    void oneThresholdDecides() {
        double[] density = new Global(0, Optional.empty())
                .allocate(Sites.budget(
                        0.5,
                        Budget.Of.ALL,
                        new Magnitude(),
                        Sites.weight("a", 2, 2, 9, 8, 7, 1),
                        Sites.weight("b", 1, 4, 6, 2, 3, 0.5f)));
        assertThat(density).containsExactly(0.75, 0.25);
    }

    @Test
    void keepsTheExactNumberAmongTies() {
        double[] density = new Global(0, Optional.empty())
                .allocate(Sites.budget(
                        0.5,
                        Budget.Of.ALL,
                        new Magnitude(),
                        Sites.weight("a", 2, 2, 1, 1, 1, 1),
                        Sites.weight("b", 1, 4, 1, 1, 1, 1)));
        assertThat(density[0] * 4 + density[1] * 4).isEqualTo(4);
        assertThat(density).as("earlier layers go first").containsExactly(0, 1);
    }

    /** Worked out by hand: layers of 9,000, 950 and 50; vanilla sparsities 0.92, 0.75 and 0.15; target 0.9; floor 1 %. */
    @Test
    void theFloorFollowsTheRepositorysMinimumThreshold() {
        Site.Weight[] sites = {uniform("large", 9000, 0.92), uniform("middle", 950, 0.75), uniform("small", 50, 0.15)};
        double[] vanilla =
                new Global(0, Optional.empty()).allocate(Sites.budget(0.9, Budget.Of.ALL, new Magnitude(), sites));
        assertThat(1 - vanilla[0]).isCloseTo(0.92, Offset.offset(1e-3));
        assertThat(1 - vanilla[1]).isCloseTo(0.75, Offset.offset(2e-3));
        double[] density =
                new Global(0.01, Optional.empty()).allocate(Sites.budget(0.9, Budget.Of.ALL, new Magnitude(), sites));
        assertThat(1 - density[0]).isCloseTo(0.9208, Offset.offset(1e-3));
        assertThat(1 - density[1]).isCloseTo(0.7506, Offset.offset(2e-3));
        assertThat(density[2]).isEqualTo(1);
    }

    @Test
    void aFloorThatLeavesTooLittleToPruneIsRefused() {
        Site.Weight[] sites = {uniform("large", 900, 0.5), uniform("small", 100, 0.5)};
        assertThatThrownBy(() -> new Global(0.95, Optional.empty())
                        .allocate(Sites.budget(0.5, Budget.Of.ALL, new Magnitude(), sites)))
                .hasMessageMatching(
                        "global: a floor of 0.95 of all weights .* lets 0.0 % be removed, not 50.0 %: lower it");
    }

    /** So many weights below 1 that {@code sparsity} of them go at a threshold of 1. */
    private static Site.Weight uniform(String name, int size, double sparsity) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) values[i] = i < Math.round(size * sparsity) ? 0.5f + i * 1e-6f : 2f + i * 1e-6f;
        return Sites.weight(name, 1, size, values);
    }

    @Test
    void anotherScoreMayDecide() {
        Site.Weight large = Sites.weight("a", 1, 4, 9, 9, 9, 9);
        Site.Weight small = Sites.weight("b", 1, 4, 1, 1, 1, 1);
        assertThat(new Global(0, Optional.of(new Magnitude()))
                        .allocate(Sites.budget(0.5, Budget.Of.ALL, new Random(), large, small)))
                .containsExactly(1, 0);
    }
}
