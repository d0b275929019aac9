package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Copies between a matrix of {@code stride} columns and a block (rows, columns) of it that begins at row and column. */
public final class Submatrix {
    private Submatrix() {}

    /** The block goes into the matrix; the slice runs over the block's rows. */
    public static void put(
            float[] matrix, float[] block, int row, int column, int columns, int stride, int first, int count) {
        for (@Parallel int r = 0; r < count; r++) {
            for (@Parallel int c = 0; c < columns; c++) {
                int own = first + r;
                matrix[(row + own) * stride + column + c] = block[own * columns + c];
            }
        }
    }

    /** The block is read from the matrix; the slice runs over the block's rows. */
    public static void take(
            float[] block, float[] matrix, int row, int column, int columns, int stride, int first, int count) {
        for (@Parallel int r = 0; r < count; r++) {
            for (@Parallel int c = 0; c < columns; c++) {
                int own = first + r;
                block[own * columns + c] = matrix[(row + own) * stride + column + c];
            }
        }
    }
}
