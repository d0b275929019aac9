package org.espalier.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.espalier.engine.Rng;
import org.junit.jupiter.api.Test;

class SpectralTest {
    /** Three clouds of points far from one another, in turns. */
    private static float[][] clouds(int each) {
        RandomGenerator random = Rng.of(2, "clouds", 0);
        float[][] points = new float[3 * each][];
        for (int i = 0; i < points.length; i++) {
            points[i] = new float[4];
            for (int f = 0; f < 4; f++) points[i][f] = (float) (random.nextGaussian() / 20);
            points[i][i % 3] += 1;
        }
        return points;
    }

    @Test
    void theKernelOfTwoPointsIsKnown() {
        // one distance, so the kernel is exp(−½) everywhere off the diagonal: L = ½·(1 − …) with eigenvalues 0 and
        // 2a/(1+a)
        double a = Math.exp(-0.5);
        Spectral two = Spectral.of(new float[][] {{0, 3}, {4, 0}});
        assertThat(two.values()[0]).isCloseTo(0, within(1e-12));
        assertThat(two.values()[1]).isCloseTo(2 * a / (1 + a), within(1e-12));
        assertThat(two.similarity(1)).containsExactly(new double[] {0.5, 0.5, 0.5, 0.5}, within(1e-12));
    }

    @Test
    void theWidthIsTheMedianDistance() {
        double[] distances = {0, 1, 5, 1, 0, 2, 5, 2, 0};
        assertThat(Spectral.median(distances, 3)).isEqualTo(2);
    }

    @Test
    void pointsThatCoincideAreAlikeAndOthersNot() {
        Spectral same = Spectral.of(new float[][] {{1, 1}, {1, 1}, {1, 1}, {2, 2}});
        assertThat(same.values()[1]).isCloseTo(0, within(1e-12)); // two parts that nothing connects
    }

    @Test
    void factorsOfTheSimilarityFindTheClouds() {
        Spectral spectral = Spectral.of(clouds(20));
        assertThat(spectral.values()[0]).isCloseTo(0, within(1e-10));
        Factors factors = Factors.of(spectral.similarity(3), 60, 3, 200, Rng.of(1, "start", 0));
        int[] clusters = factors.clusters();
        for (int i = 0; i < 60; i++) assertThat(clusters[i]).isEqualTo(clusters[i % 3]);
        assertThat(Arrays.stream(clusters).distinct()).hasSize(3);
        assertThat(factors.error()).isLessThan(0.2);
    }

    @Test
    void factorsOfAProductAreFoundAndTheErrorNeverGrows() {
        double[] s = new double[25];
        double[] u = {1, 2, 0, 3, 1}, v = {0, 1, 4, 0, 2};
        for (int i = 0; i < 5; i++) for (int j = 0; j < 5; j++) s[i * 5 + j] = u[i] * u[j] + v[i] * v[j];
        double before = Double.POSITIVE_INFINITY;
        for (int rounds : new int[] {1, 2, 5, 20, 100, 1000}) {
            double error = Factors.of(s, 5, 2, rounds, Rng.of(1, "start", 0)).error();
            assertThat(error).isLessThanOrEqualTo(before + 1e-12);
            before = error;
        }
        assertThat(before).isLessThan(1e-3);
    }
}
