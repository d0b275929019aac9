package org.espalier.kernels.tuned;

import uk.ac.manchester.tornado.api.KernelContext;

/**
 * {@link org.espalier.kernels.MatMul}'s products, and those of {@link org.espalier.kernels.Vocabulary}, by tiles of C: 256 work items read a tile of A and one of B into local memory, from where
 * each is used many times. Here a tile of C has 64 rows and 64 columns and each work item sums 16 of its entries; every sum runs over k
 * in its order.
 */
public final class TiledMatMul {
    /** Rows and columns of a tile of C. */
    public static final int TILE = 64;

    /** Work items of a group. */
    public static final int ITEMS = 256;

    private static final int DEPTH = 16;

    private TiledMatMul() {}

    /** C (count, n) = A (count, k) · B (k, n). */
    public static void nn(KernelContext context, float[] c, float[] a, float[] b, int n, int k, int keep, int count) {
        tile(context, c, 0, a, 0, b, 0, count, n, k, k, 1, 1, DEPTH, n, 1, TILE, 1, keep);
    }

    /** C (count, n) = A (count, k) · Bᵀ with B stored (n, k). */
    public static void nt(KernelContext context, float[] c, float[] a, float[] b, int n, int k, int keep, int count) {
        tile(context, c, 0, a, 0, b, 0, count, n, k, k, 1, 1, DEPTH, 1, k, 1, DEPTH, keep);
    }

    /** C (count, n) = Aᵀ · B with A stored (k, rows) and B (k, n). */
    public static void tn(
            KernelContext context, float[] c, float[] a, float[] b, int rows, int n, int k, int keep, int count) {
        tile(context, c, 0, a, 0, b, 0, count, n, k, 1, rows, TILE, 1, n, 1, TILE, 1, keep);
    }

    /** {@link org.espalier.kernels.Vocabulary#logits}: logits (tokens, classes) = hidden[from …] · headᵀ. */
    public static void logits(
            KernelContext context,
            float[] logits,
            float[] hidden,
            float[] head,
            int from,
            int tokens,
            int classes,
            int width,
            int count) {
        tile(
                context,
                logits,
                0,
                hidden,
                from * width,
                head,
                0,
                tokens,
                classes,
                width,
                width,
                1,
                1,
                DEPTH,
                1,
                width,
                1,
                DEPTH,
                0);
    }

    /** {@link org.espalier.kernels.Vocabulary#hiddenGrad}: dhidden[from …] (count, width) = slopes (count, classes) · head. */
    public static void hiddenGrad(
            KernelContext context,
            float[] dhidden,
            float[] slopes,
            float[] head,
            int from,
            int classes,
            int width,
            int keep,
            int count) {
        tile(
                context,
                dhidden,
                from * width,
                slopes,
                0,
                head,
                0,
                count,
                width,
                classes,
                classes,
                1,
                1,
                DEPTH,
                width,
                1,
                TILE,
                1,
                keep);
    }

    /** {@link org.espalier.kernels.Vocabulary#headGrad}: dhead (classes, width) = slopesᵀ · hidden[from …]. */
    public static void headGrad(
            KernelContext context,
            float[] dhead,
            float[] slopes,
            float[] hidden,
            int from,
            int tokens,
            int classes,
            int width,
            int keep,
            int count) {
        tile(
                context,
                dhead,
                0,
                slopes,
                0,
                hidden,
                from * width,
                count,
                width,
                tokens,
                1,
                classes,
                TILE,
                1,
                width,
                1,
                TILE,
                1,
                keep);
    }

    /**
     * Entry (row, i) of A lies at aAt + row·aRow + i·aStep, entry (i, column) of B at bAt + i·bStep + column·bColumn, and C begins at cAt. Of the entries of A's tile,
     * work item e reads number e / aStepEvery along k in the row e / aRowEvery, so that neighbours read neighbours; likewise of B's.
     */
    private static void tile(
            KernelContext context,
            float[] c,
            int cAt,
            float[] a,
            int aAt,
            float[] b,
            int bAt,
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
        float[] left = context.allocateFloatLocalArray(DEPTH * (TILE + 1));
        float[] right = context.allocateFloatLocalArray(DEPTH * (TILE + 1));
        int item = context.localIdx;
        int across = (n + TILE - 1) / TILE;
        int group = context.groupIdx;
        int top = group / across * TILE;
        int side = group % across * TILE;
        int y = item / 16;
        int x = item % 16;
        float s00 = 0f;
        float s01 = 0f;
        float s02 = 0f;
        float s03 = 0f;
        float s10 = 0f;
        float s11 = 0f;
        float s12 = 0f;
        float s13 = 0f;
        float s20 = 0f;
        float s21 = 0f;
        float s22 = 0f;
        float s23 = 0f;
        float s30 = 0f;
        float s31 = 0f;
        float s32 = 0f;
        float s33 = 0f;
        for (int from = 0; from < k; from += DEPTH) {
            for (int part = 0; part < DEPTH * TILE / ITEMS; part++) {
                int e = item + part * ITEMS;
                int ia = e / aStepEvery % DEPTH;
                int ra = e / aRowEvery % TILE;
                float ofA = 0f;
                if (top + ra < rows && from + ia < k) ofA = a[aAt + (top + ra) * aRow + (from + ia) * aStep];
                left[ia * (TILE + 1) + ra] = ofA;
                int ib = e / bStepEvery % DEPTH;
                int jb = e / bColumnEvery % TILE;
                float ofB = 0f;
                if (side + jb < n && from + ib < k) ofB = b[bAt + (from + ib) * bStep + (side + jb) * bColumn];
                right[ib * (TILE + 1) + jb] = ofB;
            }
            context.localBarrier();
            for (int i = 0; i < DEPTH; i++) {
                int l = i * (TILE + 1) + y;
                int r = i * (TILE + 1) + x;
                float a0 = left[l];
                float a1 = left[l + 16];
                float a2 = left[l + 32];
                float a3 = left[l + 48];
                float b0 = right[r];
                float b1 = right[r + 16];
                float b2 = right[r + 32];
                float b3 = right[r + 48];
                s00 += a0 * b0;
                s01 += a0 * b1;
                s02 += a0 * b2;
                s03 += a0 * b3;
                s10 += a1 * b0;
                s11 += a1 * b1;
                s12 += a1 * b2;
                s13 += a1 * b3;
                s20 += a2 * b0;
                s21 += a2 * b1;
                s22 += a2 * b2;
                s23 += a2 * b3;
                s30 += a3 * b0;
                s31 += a3 * b1;
                s32 += a3 * b2;
                s33 += a3 * b3;
            }
            context.localBarrier();
        }
        row(c, cAt, top + y, side + x, rows, n, keep, s00, s01, s02, s03);
        row(c, cAt, top + y + 16, side + x, rows, n, keep, s10, s11, s12, s13);
        row(c, cAt, top + y + 32, side + x, rows, n, keep, s20, s21, s22, s23);
        row(c, cAt, top + y + 48, side + x, rows, n, keep, s30, s31, s32, s33);
    }

    private static void row(
            float[] c,
            int cAt,
            int row,
            int column,
            int rows,
            int n,
            int keep,
            float s0,
            float s1,
            float s2,
            float s3) {
        if (row < rows) {
            int at = cAt + row * n + column;
            if (column < n) c[at] = s0 + before(c, at, keep);
            if (column + 16 < n) c[at + 16] = s1 + before(c, at + 16, keep);
            if (column + 32 < n) c[at + 32] = s2 + before(c, at + 32, keep);
            if (column + 48 < n) c[at + 48] = s3 + before(c, at + 48, keep);
        }
    }

    private static float before(float[] c, int at, int keep) {
        float value = 0f;
        if (keep == 1) value = c[at];
        return value;
    }
}
