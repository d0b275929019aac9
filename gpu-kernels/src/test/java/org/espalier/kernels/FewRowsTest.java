package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.espalier.launch.BitmapBodies;
import org.espalier.launch.FewRowsBodies;
import org.espalier.launch.Launch;
import org.espalier.launch.TwoOfFourBodies;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Products of few examples with dense and bitmap matrices, kernels and vector bodies, against sums in double. */
class FewRowsTest {
    private static final int PADDING = 16;

    @RepeatedTest(40)
    void multipliesAsTheDenseMatrixDoes(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int rows = Shapes.size(random),
                columns = Shapes.size(random) + random.nextInt(3) * 64,
                n = 1 + random.nextInt(4);
        float[] mask = Shapes.mask(random, rows * columns, new double[] {0, 0.1, 0.5, 1}[random.nextInt(4)]);
        float[] w = Shapes.floats(random, rows * columns), x = Shapes.floats(random, n * columns);
        float[] bias = Shapes.floats(random, rows), none = new float[rows];
        for (int i = 0; i < w.length; i++) w[i] *= mask[i];
        double[] plain = new double[n * rows], biased = new double[n * rows];
        for (int e = 0; e < n; e++)
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++)
                    plain[e * rows + r] += (double) w[r * columns + c] * x[e * columns + c];
                biased[e * rows + r] = plain[e * rows + r] + bias[r];
            }
        int words = (columns + 31) / 32, k = 0;
        float[] values = new float[w.length + PADDING];
        Arrays.fill(values, Float.NaN);
        int[] start = new int[rows + 1];
        int[] bits = new int[rows * words];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++)
                if (mask[r * columns + c] == 1f) {
                    values[k++] = w[r * columns + c];
                    bits[r * words + c / 32] |= 1 << c;
                }
            start[r + 1] = k;
        }
        check(random, rows, n, plain, y -> (f, c) -> FewRows.forward(y, w, x, n, rows, columns, f, c));
        check(random, rows, n, plain, y -> (f, c) -> FewRowsBodies.forward(y, w, x, n, rows, columns, f, c));
        check(
                random,
                rows,
                n,
                biased,
                y -> (f, c) -> BitmapRows.forward(y, values, start, bits, x, bias, n, rows, columns, f, c));
        check(
                random,
                rows,
                n,
                biased,
                y -> (f, c) -> BitmapBodies.forward(y, values, start, bits, x, bias, n, rows, columns, f, c));
        check(
                random,
                rows,
                n,
                plain,
                y -> (f, c) -> BitmapBodies.forward(y, values, start, bits, x, none, n, rows, columns, f, c));
    }

    /** Some fours have fewer than two survivors; what lies behind the values must not be read into a sum. */
    @RepeatedTest(40)
    void multipliesByTwoOfFour(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int rows = Shapes.size(random), columns = 4 * (Shapes.size(random) + random.nextInt(3) * 16);
        int n = 1 + random.nextInt(2), words = (columns + 31) / 32, half = columns / 2;
        float[] x = Shapes.floats(random, n * columns), bias = Shapes.floats(random, rows);
        float[] values = new float[rows * half + PADDING];
        Arrays.fill(values, Float.NaN);
        int[] places = new int[rows * words];
        double[] expected = new double[n * rows];
        for (int e = 0; e < n; e++) for (int r = 0; r < rows; r++) expected[e * rows + r] = bias[r];
        for (int r = 0; r < rows; r++)
            for (int k = 0; k < half; k++) {
                int place = k % 2 == 0 ? random.nextInt(3) : 3;
                values[r * half + k] = random.nextInt(8) == 0 ? 0f : random.nextFloat() - 0.5f;
                places[r * words + k / 16] |= place << 2 * (k % 16);
                for (int e = 0; e < n; e++)
                    expected[e * rows + r] += (double) values[r * half + k] * x[e * columns + k / 2 * 4 + place];
            }
        check(
                random,
                rows,
                n,
                expected,
                y -> (f, c) -> TwoOfFourRows.forward(y, values, places, x, bias, n, rows, columns, f, c));
        check(
                random,
                rows,
                n,
                expected,
                y -> (f, c) -> TwoOfFourBodies.forward(y, values, places, x, bias, n, rows, columns, f, c));
    }

    private interface Product {
        Launch.Slice into(float[] y);
    }

    /** Right, and the same bits however it is cut. */
    private static void check(RandomGenerator random, int rows, int n, double[] expected, Product product) {
        float[] whole = Shapes.floats(random, n * rows), cut = Shapes.floats(random, n * rows);
        product.into(whole).run(0, rows);
        Shapes.run(random, rows, product.into(cut));
        assertThat(Shapes.difference(whole, expected)).isLessThan(5e-5);
        assertThat(cut).containsExactly(whole);
    }
}
