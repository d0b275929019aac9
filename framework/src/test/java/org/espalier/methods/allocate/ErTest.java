package org.espalier.methods.allocate;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.espalier.methods.Sites;
import org.espalier.methods.score.Magnitude;
import org.espalier.prune.Budget;
import org.junit.jupiter.api.Test;

class ErTest {
    /** Worked out by hand for 784-300-100-10: at 10 % the output layer would exceed 1, so it is full and the rest shares. */
    @Test
    void sharesTheRestWhereALayerIsFull() {
        double[][] expected = {{0.1, 0.0796, 0.2302, 1}, {0.05, 0.0385, 0.1113, 0.9185}, {0.2, 0.1622, 0.4694, 1}};
        for (double[] e : expected) {
            double[] density = new Er()
                    .allocate(Sites.budget(
                            1 - e[0],
                            Budget.Of.ALL,
                            new Magnitude(),
                            Sites.weight("fc1", 300, 784),
                            Sites.weight("fc2", 100, 300),
                            Sites.weight("output", 10, 100)));
            for (int i = 0; i < 3; i++) assertThat(density[i]).isCloseTo(e[i + 1], Offset.offset(1e-4));
            double kept = density[0] * 235_200 + density[1] * 30_000 + density[2] * 1_000;
            assertThat(kept).isCloseTo(e[0] * 266_200, Offset.offset(0.51));
        }
    }
}
