package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Products with a matrix W (rows, columns) of which the surviving entries are stored row by row, and for every entry a bit that says
 * whether it survives: bit {@code c % 32} of {@code bits[r · words + c / 32]}. The survivors of row {@code r} are
 * {@code values[start[r]] … values[start[r + 1] − 1]}. Activations lie (batch, features).
 */
public final class BitmapRows {
    private BitmapRows() {}

    /** y (batch, rows) = x (batch, columns) · Wᵀ + bias; the slice runs over rows. */
    public static void forward(
            float[] y,
            float[] values,
            int[] start,
            int[] bits,
            float[] x,
            float[] bias,
            int batch,
            int rows,
            int columns,
            int first,
            int count) {
        int words = (columns + 31) / 32;
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int b = 0; b < batch; b++) {
                int r = first + i;
                float sum = bias[r];
                int k = start[r];
                for (int c = 0; c < columns; c++) {
                    if (((bits[r * words + c / 32] >> (c % 32)) & 1) != 0) {
                        sum += values[k] * x[b * columns + c];
                        k++;
                    }
                }
                y[b * rows + r] = sum;
            }
        }
    }
}
