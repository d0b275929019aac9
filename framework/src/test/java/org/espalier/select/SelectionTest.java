package org.espalier.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SelectionTest {
    @Test
    void refusesNumbersOutOfPlace() {
        for (int[] ids : new int[][] {{2, 1}, {1, 1}, {-1}, {3}})
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Selection(ids, new double[3], ""))
                    .withMessageContaining("out of place");
    }

    @Test
    void refusesScoresThatAreNotNumbers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Selection(new int[] {0}, new double[] {1, Double.NaN}, ""))
                .withMessage("the score of example 1 is not a number");
    }

    @Test
    void highestScoresComeFirstAndTiesGoByNumber() {
        double[] scores = {1, 3, 2, 3, 0, 2};
        assertThat(Ranking.highestFirst(scores)).containsExactly(1, 3, 2, 5, 0, 4);
        assertThat(Ranking.highest(scores, 3, 0)).containsExactly(1, 2, 3);
        assertThat(Ranking.highest(scores, 3, 1)).containsExactly(2, 3, 5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ranking.highest(scores, 4, 3))
                .withMessage("there are 6 examples: 3 cannot be passed over and 4 kept");
    }
}
