package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Compressed products against the dense matrix with zeros in it, empty rows and columns included. */
class CompressedRowsTest {
    @RepeatedTest(40)
    void multipliesAsTheDenseMatrixDoes(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int out = Shapes.size(random), in = Shapes.size(random), n = Shapes.size(random), keep = random.nextInt(2);
        float[] mask = Shapes.mask(random, out * in, new double[] {0, 0.02, 0.2, 1}[random.nextInt(4)]);
        Sparse w = Sparse.of(random, mask, out, in);
        float[] x = Shapes.floats(random, in * n),
                dy = Shapes.floats(random, out * n),
                bias = Shapes.floats(random, out);
        float[] y = Shapes.floats(random, out * n), dx = Shapes.floats(random, in * n);
        float[] dw = Shapes.floats(random, w.values().length);
        double[] forward = new double[out * n], input = new double[in * n], value = new double[dw.length];
        for (int i = 0; i < in * n; i++) input[i] = keep == 1 ? dx[i] : 0;
        for (int k = 0; k < dw.length; k++) value[k] = keep == 1 ? dw[k] : 0;
        for (int e = 0; e < n; e++)
            for (int r = 0, k = 0; r < out; r++) {
                forward[r * n + e] = bias[r];
                for (int c = 0; c < in; c++) {
                    if (mask[r * in + c] == 0f) continue;
                    forward[r * n + e] += (double) w.values()[k] * x[c * n + e];
                    input[c * n + e] += (double) w.values()[k] * dy[r * n + e];
                    value[k] += (double) x[c * n + e] * dy[r * n + e];
                    k++;
                }
            }
        Shapes.run(
                random, out, (f, c) -> CompressedRows.forward(y, w.values(), w.start(), w.column(), x, bias, n, f, c));
        Shapes.run(
                random,
                in,
                (f, c) -> CompressedRows.inputGrad(
                        dx, w.values(), w.columnStart(), w.row(), w.entry(), dy, n, keep, f, c));
        Shapes.run(random, out, (f, c) -> CompressedRows.valueGrad(dw, w.start(), w.column(), dy, x, n, keep, f, c));
        assertThat(Shapes.difference(y, forward)).isLessThan(5e-5);
        assertThat(Shapes.difference(dx, input)).isLessThan(5e-5);
        assertThat(Shapes.difference(dw, value)).isLessThan(5e-5);
    }

    /** The six arrays of a compressed matrix, built here by searching, unlike the engine's own. */
    record Sparse(float[] values, int[] start, int[] column, int[] columnStart, int[] row, int[] entry) {
        static Sparse of(RandomGenerator random, float[] mask, int rows, int columns) {
            int kept = 0;
            for (float k : mask) kept += (int) k;
            Sparse s = new Sparse(
                    Shapes.floats(random, kept),
                    new int[rows + 1],
                    new int[kept],
                    new int[columns + 1],
                    new int[kept],
                    new int[kept]);
            int[] numbers = new int[mask.length];
            for (int i = 0, k = 0; i < mask.length; i++) {
                if (mask[i] == 1f) {
                    numbers[i] = k;
                    s.column[k++] = i % columns;
                }
                if (i % columns == columns - 1) s.start[i / columns + 1] = k;
            }
            for (int c = 0, k = 0; c < columns; c++) {
                for (int r = 0; r < rows; r++) {
                    if (mask[r * columns + c] == 0f) continue;
                    s.row[k] = r;
                    s.entry[k++] = numbers[r * columns + c];
                }
                s.columnStart[c + 1] = k;
            }
            return s;
        }
    }
}
