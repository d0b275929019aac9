package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Products with a matrix W (rows, columns) of which only the surviving entries are stored, row by row: entry {@code k}
 * of row {@code r}, with {@code start[r] ≤ k < start[r + 1]}, is {@code values[k]} in column {@code column[k]}.
 * Activations lie (features, batch), so that the batch fills the vector lanes.
 */
public final class CompressedRows {
    private CompressedRows() {}

    /** y (rows, batch) = W · x (columns, batch) + bias; the slice runs over rows. */
    public static void forward(
            float[] y,
            float[] values,
            int[] start,
            int[] column,
            float[] x,
            float[] bias,
            int batch,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int b = 0; b < batch; b++) {
                int r = first + i;
                float sum = bias[r];
                for (int k = start[r]; k < start[r + 1]; k++) sum += values[k] * x[column[k] * batch + b];
                y[r * batch + b] = sum;
            }
        }
    }

    /**
     * dx (columns, batch) = Wᵀ · dy (rows, batch), by columns of W: entry {@code k} of column {@code c}, with
     * {@code columnStart[c] ≤ k < columnStart[c + 1]}, is {@code values[entry[k]]} in row {@code row[k]}. The slice runs
     * over columns.
     */
    public static void inputGrad(
            float[] dx,
            float[] values,
            int[] columnStart,
            int[] row,
            int[] entry,
            float[] dy,
            int batch,
            int keep,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int b = 0; b < batch; b++) {
                int c = first + i;
                float sum = keep == 1 ? dx[c * batch + b] : 0f;
                for (int k = columnStart[c]; k < columnStart[c + 1]; k++)
                    sum += values[entry[k]] * dy[row[k] * batch + b];
                dx[c * batch + b] = sum;
            }
        }
    }

    /** dvalues[k] = dy (rows, batch) row · x (columns, batch) row for each surviving entry; the slice runs over rows. */
    public static void valueGrad(
            float[] dvalues,
            int[] start,
            int[] column,
            float[] dy,
            float[] x,
            int batch,
            int keep,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int r = first + i;
            for (int k = start[r]; k < start[r + 1]; k++) {
                float sum = keep == 1 ? dvalues[k] : 0f;
                for (int b = 0; b < batch; b++) sum += dy[r * batch + b] * x[column[k] * batch + b];
                dvalues[k] = sum;
            }
        }
    }
}
