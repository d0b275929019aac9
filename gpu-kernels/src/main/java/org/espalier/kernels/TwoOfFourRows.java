package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Products with a matrix W (rows, columns) of which at most two of every four entries of a row are kept: two values for each four, and
 * the place of each in two bits. Those of the {@code g}-th four of row {@code r} are {@code values[r · columns / 2 + 2g]} and the next;
 * their places are in the bits from {@code 4 (g % 8)} on of {@code places[r · words + g / 8]}. A value that is not needed is 0.
 * Activations lie (batch, features).
 */
public final class TwoOfFourRows {
    private TwoOfFourRows() {}

    /** y (batch, rows) = x (batch, columns) · Wᵀ + bias; the slice runs over rows. */
    public static void forward(
            float[] y,
            float[] values,
            int[] places,
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
                for (int k = 0; k < columns / 2; k++) {
                    int place = (places[r * words + k / 16] >> (2 * (k % 16))) & 3;
                    sum += values[r * (columns / 2) + k] * x[b * columns + k / 2 * 4 + place];
                }
                y[b * rows + r] = sum;
            }
        }
    }
}
