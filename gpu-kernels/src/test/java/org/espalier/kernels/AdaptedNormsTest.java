package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class AdaptedNormsTest {
    @RepeatedTest(20)
    void areThoseOfTheSum(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int out = Shapes.size(random), in = Shapes.size(random), rank = 1 + random.nextInt(8);
        float s = 1.5f;
        float[] w = Shapes.floats(random, out * in), a = Shapes.floats(random, rank * in);
        float[] b = Shapes.floats(random, out * rank), squares = new float[out], norm = new float[out];
        float[] cross = new float[out * rank], gram = new float[rank * rank];
        MatMul.nt(cross, w, a, rank, in, 0, 0, out);
        MatMul.nt(gram, a, a, rank, in, 0, 0, rank);
        double[] expected = new double[out];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                double sum = w[o * in + i];
                squares[o] += w[o * in + i] * w[o * in + i];
                for (int k = 0; k < rank; k++) sum += s * b[o * rank + k] * a[k * in + i];
                expected[o] += sum * sum;
            }
            expected[o] = Math.sqrt(expected[o]);
        }
        Shapes.run(random, out, (f, c) -> AdaptedNorms.rows(norm, squares, b, cross, gram, s, rank, f, c));
        assertThat(Shapes.difference(norm, expected)).isLessThan(2e-2);
    }

    @RepeatedTest(5)
    void divideAndLeaveRowsOfZerosAlone(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        float[] norm = {2, 0, 0.5f}, magnitude = {3, 0, 0.5f}, ratio = new float[3], inverse = new float[3];
        Shapes.run(random, 3, (f, c) -> AdaptedNorms.ratios(ratio, inverse, magnitude, norm, f, c));
        assertThat(ratio).containsExactly(1.5f, 1, 1);
        assertThat(inverse).containsExactly(0.5f, 0, 2);
    }
}
