package org.espalier.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.espalier.engine.Rng;
import org.junit.jupiter.api.Test;

class ApportionmentTest {
    private static final int[] ROOM = {100, 100, 100};

    @Test
    void floorsLoseWhatRoundingLeaves() {
        assertThat(Apportionment.floors(10, new double[] {0.62, 0.38, 0})).containsExactly(6, 3, 0);
        assertThat(Apportionment.floors(10, new double[] {0, 0, 0})).containsExactly(3, 3, 3);
    }

    @Test
    void theWholeBudgetGoesByLargestRemainder() {
        assertThat(Apportionment.whole(10, new double[] {0.62, 0.38, 0}, ROOM)).containsExactly(6, 4, 0);
        assertThat(Apportionment.whole(10, new double[] {1, 1, 1}, ROOM)).containsExactly(4, 3, 3);
    }

    @Test
    void withoutDivergenceAllAreAlike() {
        assertThat(Apportionment.whole(9, new double[3], ROOM)).containsExactly(3, 3, 3);
    }

    @Test
    void whatDoesNotFitGoesToTheOthers() {
        assertThat(Apportionment.whole(10, new double[] {8, 1, 1}, new int[] {2, 9, 9}))
                .containsExactly(2, 4, 4);
        assertThat(Apportionment.whole(10, new double[] {1, 0, 0}, new int[] {4, 9, 9}))
                .containsExactly(4, 3, 3);
        assertThat(Apportionment.whole(50, new double[] {1, 2, 3}, new int[] {2, 3, 4}))
                .containsExactly(2, 3, 4);
    }

    @Test
    void sumsAreTheBudgetOrAllTheRoom() {
        RandomGenerator random = Rng.of(5, "budgets", 0);
        for (int round = 0; round < 2000; round++) {
            int n = 1 + random.nextInt(8), budget = random.nextInt(60);
            double[] weights = random.doubles(n).map(w -> w < 0.3 ? 0 : w).toArray();
            int[] room = random.ints(n, 0, 20).toArray();
            int[] whole = Apportionment.whole(budget, weights, room);
            assertThat(Arrays.stream(whole).sum())
                    .isEqualTo(Math.min(budget, Arrays.stream(room).sum()));
            for (int i = 0; i < n; i++) assertThat(whole[i]).isBetween(0, room[i]);
            assertThat(Arrays.stream(Apportionment.floors(budget, weights)).sum())
                    .isLessThanOrEqualTo(budget);
        }
    }

    @Test
    void refusesWeightsThatAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> Apportionment.floors(3, new double[] {1, -1}));
        assertThatIllegalArgumentException().isThrownBy(() -> Apportionment.floors(3, new double[] {1, Double.NaN}));
    }
}
