package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Products of very few examples with a large matrix: what takes time is reading the matrix, so a slice is a range of its rows. */
public final class FewRows {
    private FewRows() {}

    /** y (batch, rows) = x (batch, columns) · Wᵀ with W (rows, columns); the slice runs over rows. */
    public static void forward(
            float[] y, float[] w, float[] x, int batch, int rows, int columns, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int b = 0; b < batch; b++) {
                int r = first + i;
                float sum = 0f;
                for (int c = 0; c < columns; c++) sum += w[r * columns + c] * x[b * columns + c];
                y[b * rows + r] = sum;
            }
        }
    }
}
