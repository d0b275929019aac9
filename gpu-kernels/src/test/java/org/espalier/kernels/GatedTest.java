package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class GatedTest {
    private static final float SLOPE = (float) (2 * Math.sqrt(2 / Math.PI)), CUBIC = 0.044715f;

    /** x · σ(x), or 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))). */
    private static double gate(double x, boolean silu) {
        if (silu) return x / (1 + Math.exp(-x));
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    private static double slope(double x, boolean silu) {
        return (gate(x + 1e-5, silu) - gate(x - 1e-5, silu)) / 2e-5;
    }

    @RepeatedTest(10)
    void gatesAndItsGradientFollowTheDefinition(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random) * 3, keepGate = random.nextInt(2), keepUp = random.nextInt(2);
        boolean silu = random.nextBoolean();
        float s = silu ? 1f : SLOPE, c = silu ? 0f : CUBIC;
        float[] gate = Shapes.floats(random, n), up = Shapes.floats(random, n), dy = Shapes.floats(random, n);
        float[] y = new float[n], alone = new float[n], dgate = Shapes.floats(random, n), dup = dgate.clone();
        float[] dx = dgate.clone();
        double[] wanted = new double[n], wantedAlone = new double[n], wantedGate = new double[n];
        double[] wantedUp = new double[n], wantedX = new double[n];
        for (int i = 0; i < n; i++) {
            wantedAlone[i] = gate(gate[i], silu);
            wanted[i] = wantedAlone[i] * up[i];
            wantedGate[i] = keepGate * dgate[i] + (double) dy[i] * up[i] * slope(gate[i], silu);
            wantedUp[i] = keepUp * dup[i] + dy[i] * wantedAlone[i];
            wantedX[i] = keepUp * dx[i] + dy[i] * slope(gate[i], silu);
        }
        Shapes.run(random, n, (f, k) -> Gated.forward(y, gate, up, s, c, f, k));
        Shapes.run(random, n, (f, k) -> Gated.alone(alone, gate, s, c, f, k));
        Shapes.run(random, n, (f, k) -> Gated.grad(dgate, dup, dy, gate, up, s, c, keepGate, keepUp, f, k));
        Shapes.run(random, n, (f, k) -> Gated.aloneGrad(dx, dy, gate, s, c, keepUp, f, k));
        assertThat(Shapes.difference(y, wanted)).isLessThan(1e-6);
        assertThat(Shapes.difference(alone, wantedAlone)).isLessThan(1e-6);
        assertThat(Shapes.difference(dgate, wantedGate)).isLessThan(2e-6);
        assertThat(Shapes.difference(dup, wantedUp)).isLessThan(1e-6);
        assertThat(Shapes.difference(dx, wantedX)).isLessThan(2e-6);
    }

    @Test
    void staysFiniteFarOut() {
        float[] x = {-1e4f, 1e4f, -100, 100}, y = new float[4];
        Gated.alone(y, x, 1f, 0f, 0, 4);
        assertThat(y).containsExactly(-0f, 1e4f, -0f, 100);
    }
}
