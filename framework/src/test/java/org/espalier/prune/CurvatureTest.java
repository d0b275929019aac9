package org.espalier.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import org.espalier.engine.Rng;
import org.junit.jupiter.api.Test;

class CurvatureTest {
    @Test
    void isTheFactorOfTheInverse() {
        float[] u = Curvature.of(new float[] {2, 1, 1, 2}, 0).factor();
        float[] expected = {0.8164966f, -0.4082483f, 0, 0.7071068f};
        for (int i = 0; i < 4; i++) assertThat(u[i]).isCloseTo(expected[i], within(1e-6f));
    }

    /** Uᵀ · U · H is the identity, for a Gram matrix with its damping. */
    @Test
    void invertsRandomMatrices() {
        int n = 37;
        RandomGenerator random = Rng.of(2, "curvature", 0);
        float[] x = new float[60 * n], gram = new float[n * n];
        for (int i = 0; i < x.length; i++) x[i] = (float) Rng.gaussian(random);
        for (int a = 0; a < n; a++)
            for (int b = 0; b < n; b++) for (int t = 0; t < 60; t++) gram[a * n + b] += x[t * n + a] * x[t * n + b];
        double trace = 0;
        for (int i = 0; i < n; i++) trace += gram[i * n + i];
        float[] u = Curvature.of(gram, 0.05).factor();
        for (int i = 0; i < n; i++) gram[i * n + i] += (float) (0.05 * trace / n);
        double[] inverse = new double[n * n];
        for (int a = 0; a < n; a++)
            for (int b = 0; b < n; b++)
                for (int k = 0; k < n; k++) inverse[a * n + b] += (double) u[k * n + a] * u[k * n + b];
        for (int a = 0; a < n; a++)
            for (int b = 0; b < n; b++) {
                double product = 0;
                for (int k = 0; k < n; k++) product += inverse[a * n + k] * gram[k * n + b];
                assertThat(product).isCloseTo(a == b ? 1 : 0, within(1e-4));
            }
    }
}
