package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class RotateTest {
    @RepeatedTest(15)
    void turnsPairsOfFeaturesAndBack(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int heads = 1 + random.nextInt(4), half = Shapes.size(random), rotated = 2 * half;
        int dim = rotated + random.nextInt(3), length = 1 + random.nextInt(6), tokens = length * 2;
        int[] start = {random.nextInt(4)};
        int n = tokens * heads * dim;
        float[] x = Shapes.floats(random, n), y = new float[n], back = Shapes.floats(random, n);
        float[] cosines = new float[(length + 4) * half], sines = new float[cosines.length];
        double[] angles = new double[cosines.length], wanted = new double[n], wantedBack = new double[n];
        for (int i = 0; i < angles.length; i++) {
            angles[i] = random.nextDouble() * 6;
            cosines[i] = (float) Math.cos(angles[i]);
            sines[i] = (float) Math.sin(angles[i]);
        }
        for (int i = 0; i < n; i++) {
            int j = i % dim, token = i / dim / heads;
            double angle = j < rotated ? angles[(start[0] + token % length) * half + j % half] : 0;
            double other = j < half ? -x[i + half] : j < rotated ? x[i - half] : 0;
            wanted[i] = x[i] * Math.cos(angle) + other * Math.sin(angle);
            wantedBack[i] = (double) x[i] + back[i];
        }
        Shapes.run(
                random,
                tokens,
                (f, c) -> Rotate.turn(y, x, cosines, sines, start, heads, dim, rotated, length, 1f, 0, f, c));
        Shapes.run(
                random,
                tokens,
                (f, c) -> Rotate.turn(back, y, cosines, sines, start, heads, dim, rotated, length, -1f, 1, f, c));
        assertThat(Shapes.difference(y, wanted)).isLessThan(1e-6);
        assertThat(Shapes.difference(back, wantedBack)).isLessThan(2e-6);
    }
}
