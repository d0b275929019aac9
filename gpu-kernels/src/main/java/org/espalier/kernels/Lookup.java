package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Rows of a table, chosen by whole numbers that are stored as floats. */
public final class Lookup {
    private Lookup() {}

    /** y (n, width): row i is factor · table[ids[i]]; the slice runs over i. */
    public static void forward(float[] y, float[] ids, float[] table, int width, float factor, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int j = 0; j < width; j++) {
                int row = (int) ids[first + i];
                y[(first + i) * width + j] = factor * table[row * width + j];
            }
        }
    }

    /**
     * dtable (rows, width): row r gains factor · the sum of dy over the places i with ids[i] = r, in their order. The slice
     * runs over columns, so that no two slices meet in a row.
     */
    public static void grad(
            float[] dtable,
            float[] dy,
            float[] ids,
            int n,
            int rows,
            int width,
            float factor,
            int keep,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int j = first + i;
            for (int r = 0; r < rows && keep == 0; r++) dtable[r * width + j] = 0f;
            for (int e = 0; e < n; e++) {
                int at = (int) ids[e] * width + j;
                dtable[at] = dtable[at] + factor * dy[e * width + j];
            }
        }
    }
}
