package org.espalier.kernels.tuned;

import uk.ac.manchester.tornado.api.KernelContext;

/** {@link org.espalier.kernels.FewRows} with a group for each row of W and each row of x: neighbours read neighbours. */
public final class GroupFewRows {
    /** Work items of a group; a power of two. */
    public static final int ITEMS = 64;

    private GroupFewRows() {}

    /** y (batch, rows) = x (batch, columns) · Wᵀ with W (rows, columns). */
    public static void forward(
            KernelContext context, float[] y, float[] w, float[] x, int batch, int rows, int columns, int count) {
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int group = context.groupIdx;
        int r = group / batch;
        int b = group % batch;
        float sum = 0f;
        for (int c = item; c < columns; c += ITEMS) sum += w[r * columns + c] * x[b * columns + c];
        sums[item] = sum;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) sums[item] = sums[item] + sums[item + apart];
            context.localBarrier();
        }
        if (item == 0) y[b * rows + r] = sums[0];
    }
}
