package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** {@link RmsNorm} and {@link LayerNorm} forward by their definitions; gradients by differences of a linear function of y. */
class RowNormsTest {
    private static final double EPSILON = 0.01;

    private static double[] rms(double[] x, float[] scale, double offset) {
        double squares = 0;
        for (double v : x) squares += v * v;
        double factor = 1 / Math.sqrt(squares / x.length + EPSILON);
        double[] y = new double[x.length];
        for (int j = 0; j < y.length; j++) y[j] = x[j] * factor * (offset + scale[j]);
        return y;
    }

    private static double[] layer(double[] x, float[] scale, float[] shift) {
        double mean = 0, squares = 0;
        for (double v : x) mean += v / x.length;
        for (double v : x) squares += (v - mean) * (v - mean);
        double factor = 1 / Math.sqrt(squares / x.length + EPSILON);
        double[] y = new double[x.length];
        for (int j = 0; j < y.length; j++) y[j] = (x[j] - mean) * factor * scale[j] + shift[j];
        return y;
    }

    private interface Row {
        double[] of(double[] x);
    }

    /** The derivative of Σ dy·y in x[j] of row r. */
    private static double slope(float[] x, float[] dy, int r, int j, int width, Row row) {
        double sum = 0;
        for (double step : new double[] {1e-5, -1e-5}) {
            double[] moved = new double[width];
            for (int i = 0; i < width; i++) moved[i] = x[r * width + i] + (i == j ? step : 0);
            double[] y = row.of(moved);
            for (int i = 0; i < width; i++) sum += dy[r * width + i] * y[i] / (2 * step);
        }
        return sum;
    }

    private static double[] wide(float[] x, int r, int width) {
        double[] row = new double[width];
        for (int j = 0; j < width; j++) row[j] = x[r * width + j];
        return row;
    }

    @RepeatedTest(15)
    void dividesByTheRootMeanSquare(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int rows = Shapes.size(random), width = Shapes.size(random), part = 1 + random.nextInt(9);
        int keep = random.nextInt(2), parts = (rows + part - 1) / part, n = rows * width;
        float offset = random.nextInt(2);
        float[] x = Shapes.floats(random, n), scale = Shapes.floats(random, width), dy = Shapes.floats(random, n);
        float[] y = new float[n], inverse = new float[rows], dx = Shapes.floats(random, n);
        float[] scales = new float[parts * width];
        double[] wanted = new double[n], wantedX = new double[n], wantedScales = new double[parts * width];
        for (int i = 0; i < n; i++) {
            int r = i / width, j = i % width;
            wanted[i] = rms(wide(x, r, width), scale, offset)[j];
            wantedX[i] = keep * dx[i] + slope(x, dy, r, j, width, row -> rms(row, scale, offset));
            float[] one = new float[width];
            one[j] = 1;
            wantedScales[r / part * width + j] += dy[i] * rms(wide(x, r, width), one, 0)[j];
        }
        Shapes.run(random, rows, (f, c) -> RmsNorm.forward(y, inverse, x, scale, width, (float) EPSILON, offset, f, c));
        Shapes.run(
                random,
                parts,
                (f, c) -> RmsNorm.grad(dx, scales, dy, x, inverse, scale, width, rows, part, offset, keep, f, c));
        assertThat(Shapes.difference(y, wanted)).isLessThan(2e-6);
        assertThat(Shapes.difference(dx, wantedX)).isLessThan(1e-4);
        assertThat(Shapes.difference(scales, wantedScales)).isLessThan(1e-5);
    }

    @RepeatedTest(15)
    void normalisesLayers(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int rows = Shapes.size(random), width = Shapes.size(random), part = 1 + random.nextInt(9);
        int keep = random.nextInt(2), parts = (rows + part - 1) / part, n = rows * width;
        float[] x = Shapes.floats(random, n), scale = Shapes.floats(random, width), dy = Shapes.floats(random, n);
        float[] shift = Shapes.floats(random, width), y = new float[n], moments = new float[2 * rows];
        float[] dx = Shapes.floats(random, n), scales = new float[parts * width], shifts = new float[parts * width];
        double[] wanted = new double[n], wantedX = new double[n], wantedScales = new double[parts * width];
        double[] wantedShifts = new double[parts * width];
        for (int i = 0; i < n; i++) {
            int r = i / width, j = i % width, at = r / part * width + j;
            wanted[i] = layer(wide(x, r, width), scale, shift)[j];
            wantedX[i] = keep * dx[i] + slope(x, dy, r, j, width, row -> layer(row, scale, shift));
            float[] one = new float[width];
            one[j] = 1;
            wantedScales[at] += dy[i] * layer(wide(x, r, width), one, new float[width])[j];
            wantedShifts[at] += dy[i];
        }
        Shapes.run(
                random, rows, (f, c) -> LayerNorm.forward(y, moments, x, scale, shift, width, (float) EPSILON, f, c));
        Shapes.run(
                random,
                parts,
                (f, c) -> LayerNorm.grad(dx, scales, shifts, dy, x, moments, scale, width, rows, part, keep, f, c));
        assertThat(Shapes.difference(y, wanted)).isLessThan(5e-6);
        assertThat(Shapes.difference(dx, wantedX)).isLessThan(2e-4);
        assertThat(Shapes.difference(scales, wantedScales)).isLessThan(2e-5);
        assertThat(Shapes.difference(shifts, wantedShifts)).isLessThan(1e-5);
    }
}
