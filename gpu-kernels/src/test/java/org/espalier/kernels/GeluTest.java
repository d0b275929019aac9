package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GeluTest {
    /** The normal distribution by the series Φ(x) = 1/2 + φ(x) · Σ x^(2n+1) / (1·3·…·(2n+1)), exact to a double's rounding. */
    private static double below(double x) {
        double term = x, sum = x;
        for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) sum += term *= x * x / (2 * n + 1);
        return 0.5 + sum * bell(x);
    }

    private static double bell(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    @Test
    void multipliesByTheNormalDistribution() {
        int n = 1201;
        float[] x = new float[n], y = new float[n], dy = new float[n], dx = new float[n];
        double[] value = new double[n], slope = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = (i - n / 2) / 100f;
            dy[i] = i % 3 - 1;
            dx[i] = 0.5f;
            value[i] = x[i] * below(x[i]);
            slope[i] = 0.5 + dy[i] * (below(x[i]) + x[i] * bell(x[i]));
        }
        Shapes.run(Shapes.random(1), n, (f, c) -> Gelu.forward(y, x, f, c));
        Shapes.run(Shapes.random(2), n, (f, c) -> Gelu.grad(dx, dy, x, 1, f, c));
        assertThat(Shapes.difference(y, value)).isLessThan(5e-7);
        assertThat(Shapes.difference(dx, slope)).isLessThan(5e-7);
    }
}
