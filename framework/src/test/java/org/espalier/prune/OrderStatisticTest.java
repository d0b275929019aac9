package org.espalier.prune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.espalier.engine.Rng;
import org.junit.jupiter.api.Test;

class OrderStatisticTest {
    @Test
    void findsWhatSortingWouldFind() {
        RandomGenerator random = Rng.of(1, "selection", 0);
        for (int turn = 0; turn < 2000; turn++) {
            int n = 1 + random.nextInt(200), kinds = 1 + random.nextInt(50);
            float[] values = new float[n];
            for (int i = 0; i < n; i++)
                values[i] = switch (turn % 4) {
                    case 0 -> random.nextInt(kinds) - kinds / 2;
                    case 1 -> (float) Rng.gaussian(random);
                    case 2 -> i;
                    default -> random.nextBoolean() ? Float.NEGATIVE_INFINITY : (float) (1e-40 * random.nextInt(9));
                };
            float[] sorted = values.clone();
            Arrays.sort(sorted);
            int rank = random.nextInt(n), cut = random.nextInt(n + 1);
            List<float[]> parts = List.of(Arrays.copyOf(values, cut), Arrays.copyOfRange(values, cut, n));
            assertThat(OrderStatistic.at(parts, rank)).isEqualTo(sorted[rank]);
            assertThat(OrderStatistic.at(values, n, rank)).isEqualTo(sorted[rank]);
        }
    }

    /** Organ pipes and saws of many equals, where simple pivots would take quadratic time. */
    @Test
    void isQuickOnAwkwardOrders() {
        int n = 1 << 20;
        float[] pipes = new float[n], saw = new float[n];
        for (int i = 0; i < n; i++) {
            pipes[i] = Math.min(i, n - i);
            saw[i] = i % 3;
        }
        long start = System.nanoTime();
        assertThat(OrderStatistic.at(pipes.clone(), n, n / 2)).isEqualTo(n / 4f);
        assertThat(OrderStatistic.at(saw.clone(), n, n / 2)).isEqualTo(1);
        assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
    }
}
