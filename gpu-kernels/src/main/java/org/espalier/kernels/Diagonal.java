package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Products of a row-major matrix X (rows, columns) with a diagonal one. {@code keep} is 1 to add to the output and 0 to overwrite it. */
public final class Diagonal {
    private Diagonal() {}

    /** Y = factor · X · diag(d); the slice runs over rows. */
    public static void right(
            float[] y, float[] x, float[] d, float factor, int columns, int keep, int first, int count) {
        for (@Parallel int r = 0; r < count; r++) {
            for (@Parallel int c = 0; c < columns; c++) {
                int e = (first + r) * columns + c;
                float before = keep == 1 ? y[e] : 0f;
                y[e] = before + factor * d[c] * x[e];
            }
        }
    }

    /** dd[c] = factor · scale[c] · Σ_r dY[r, c] · X[r, c], the gradient of what {@link #right} computes; the slice runs over columns. */
    public static void grad(
            float[] dd,
            float[] dy,
            float[] x,
            float[] scale,
            float factor,
            int rows,
            int columns,
            int keep,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int c = first + i;
            float sum = 0f;
            for (int r = 0; r < rows; r++) sum += dy[r * columns + c] * x[r * columns + c];
            float before = keep == 1 ? dd[c] : 0f;
            dd[c] = before + factor * scale[c] * sum;
        }
    }
}
