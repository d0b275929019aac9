package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class NormTest {
    @RepeatedTest(20)
    void sumsSquaresInPartsAndClips(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random) * Shapes.size(random), length = Shapes.size(random);
        int parts = (n + length - 1) / length;
        int offset = 0;
        float[] x = Shapes.floats(random, n), sums = new float[parts], step = {9, 9, 9, 9};
        double[] expected = new double[parts];
        double all = 0;
        for (int i = 0; i < n; i++) {
            expected[i / length] += (double) x[i] * x[i];
            all += (double) x[i] * x[i];
        }
        Shapes.run(random, parts, (f, c) -> Norm.squares(sums, x, n, length, offset, f, c));
        assertThat(Shapes.difference(sums, expected)).isLessThan(1e-5);
        double norm = Math.sqrt(all);
        for (double share : new double[] {0.5, 2}) {
            float limit = (float) (share * norm);
            Norm.clip(step, sums, parts, limit, 0, 1);
            double factor = norm > limit ? share : 1;
            assertThat(Shapes.difference(step, new double[] {9, factor, 9, 9})).isLessThan(1e-4);
        }
    }
}
