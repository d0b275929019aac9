package org.espalier.kernels.tuned;

import uk.ac.manchester.tornado.api.KernelContext;

/**
 * As {@link TiledMatMul}, in tiles of 16 rows and 16 columns with one entry for each work item: more groups, for products that are too
 * small to keep a device busy with large tiles.
 */
public final class SmallMatMul {
    /** Rows and columns of a tile of C. */
    public static final int TILE = 16;

    /** Work items of a group. */
    public static final int ITEMS = TILE * TILE;

    private SmallMatMul() {}

    /** C (count, n) = A (count, k) · B (k, n). */
    public static void nn(KernelContext context, float[] c, float[] a, float[] b, int n, int k, int keep, int count) {
        tile(context, c, a, b, count, n, k, k, 1, 1, TILE, n, 1, TILE, 1, keep);
    }

    /** C (count, n) = A (count, k) · Bᵀ with B stored (n, k). */
    public static void nt(KernelContext context, float[] c, float[] a, float[] b, int n, int k, int keep, int count) {
        tile(context, c, a, b, count, n, k, k, 1, 1, TILE, 1, k, 1, TILE, keep);
    }

    /** C (count, n) = Aᵀ · B with A stored (k, rows) and B (k, n). */
    public static void tn(
            KernelContext context, float[] c, float[] a, float[] b, int rows, int n, int k, int keep, int count) {
        tile(context, c, a, b, count, n, k, 1, rows, TILE, 1, n, 1, TILE, 1, keep);
    }

    /** The strides are those of {@link TiledMatMul}. */
    private static void tile(
            KernelContext context,
            float[] c,
            float[] a,
            float[] b,
            int rows,
            int n,
            int k,
            int aRow,
            int aStep,
            int aStepEvery,
            int aRowEvery,
            int bStep,
            int bColumn,
            int bStepEvery,
            int bColumnEvery,
            int keep) {
        float[] left = context.allocateFloatLocalArray(TILE * (TILE + 1));
        float[] right = context.allocateFloatLocalArray(TILE * (TILE + 1));
        int item = context.localIdx;
        int across = (n + TILE - 1) / TILE;
        int group = context.groupIdx;
        int top = group / across * TILE;
        int side = group % across * TILE;
        int y = item / TILE;
        int x = item % TILE;
        int aI = item / aStepEvery % TILE;
        int aR = item / aRowEvery % TILE;
        int bI = item / bStepEvery % TILE;
        int bJ = item / bColumnEvery % TILE;
        float sum = 0f;
        for (int from = 0; from < k; from += TILE) {
            float ofA = 0f;
            if (top + aR < rows && from + aI < k) ofA = a[(top + aR) * aRow + (from + aI) * aStep];
            float ofB = 0f;
            if (side + bJ < n && from + bI < k) ofB = b[(from + bI) * bStep + (side + bJ) * bColumn];
            left[aR * (TILE + 1) + aI] = ofA;
            right[bI * (TILE + 1) + bJ] = ofB;
            context.localBarrier();
            for (int i = 0; i < TILE; i++) sum += left[y * (TILE + 1) + i] * right[i * (TILE + 1) + x];
            context.localBarrier();
        }
        if (top + y < rows && side + x < n) {
            int at = (top + y) * n + side + x;
            float before = 0f;
            if (keep == 1) before = c[at];
            c[at] = before + sum;
        }
    }
}
