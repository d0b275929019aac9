package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Sums of outer products of rows: what is a gradient of a thin matrix. */
public final class OuterSums {
    private OuterSums() {}

    /**
     * C (rank, columns) = Uᵀ · Y with U (n, rank) and Y (n, columns), or C (columns, rank) = Yᵀ · U if {@code turned} is 1; added to C
     * if {@code keep} is 1. The slice runs over columns.
     */
    public static void product(
            float[] c, float[] u, float[] y, int n, int rank, int columns, int turned, int keep, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int k = 0; k < rank; k++) {
                int column = first + i;
                float sum = 0f;
                for (int r = 0; r < n; r++) sum += u[r * rank + k] * y[r * columns + column];
                int e = turned == 1 ? column * rank + k : k * columns + column;
                float before = keep == 1 ? c[e] : 0f;
                c[e] = before + sum;
            }
        }
    }
}
