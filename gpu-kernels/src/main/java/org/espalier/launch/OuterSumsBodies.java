package org.espalier.launch;

import org.espalier.kernels.OuterSums;

/**
 * The body of {@link OuterSums}: a product with a thin first factor. What is read of Y is copied into panels first: it comes from memory,
 * from which 512 bytes at a time come 1.2 times as fast as 128, and without waiting for them in between (Zen 4).
 */
public final class OuterSumsBodies {
    private OuterSumsBodies() {}

    /** {@link OuterSums#product}. */
    public static void product(
            float[] c, float[] u, float[] y, int n, int rank, int columns, int turned, int keep, int first, int count) {
        if (turned == 0) {
            Panels.product(true, false, rank, count, n, u, 0, rank, y, first, columns, keep == 1, c, first, columns);
            return;
        }
        float[] wide = Scratch.floats(4, rank * count);
        Panels.product(true, false, rank, count, n, u, 0, rank, y, first, columns, false, wide, 0, count);
        Turn.matrix(c, first * rank, rank, wide, 0, count, rank, count, keep == 1, Turn.half());
    }
}
