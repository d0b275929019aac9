package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class MatMulTest {
    @RepeatedTest(40)
    void multipliesAsAPlainLoopInDoubleDoes(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int m = Shapes.size(random), n = Shapes.size(random), k = Shapes.size(random), keep = random.nextInt(2);
        float[] a = Shapes.floats(random, m * k),
                b = Shapes.floats(random, k * n),
                before = Shapes.floats(random, m * n);
        double[] expected = new double[m * n];
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++) {
                double sum = keep == 1 ? before[i * n + j] : 0;
                for (int x = 0; x < k; x++) sum += (double) a[i * k + x] * b[x * n + j];
                expected[i * n + j] = sum;
            }
        float[] nn = before.clone(), nt = before.clone(), tn = before.clone();
        float[] bt = transpose(b, k, n), at = transpose(a, m, k);
        Shapes.run(random, m, (f, c) -> MatMul.nn(nn, a, b, n, k, keep, f, c));
        Shapes.run(random, m, (f, c) -> MatMul.nt(nt, a, bt, n, k, keep, f, c));
        Shapes.run(random, m, (f, c) -> MatMul.tn(tn, at, b, m, n, k, keep, f, c));
        assertThat(Shapes.difference(nn, expected)).isLessThan(5e-5);
        assertThat(nt).isEqualTo(nn);
        assertThat(tn).isEqualTo(nn);
    }

    static float[] transpose(float[] x, int rows, int columns) {
        float[] y = new float[x.length];
        for (int r = 0; r < rows; r++) for (int c = 0; c < columns; c++) y[c * rows + r] = x[r * columns + c];
        return y;
    }
}
