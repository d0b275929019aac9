package org.espalier.kernels.tuned;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** {@link org.espalier.kernels.RmsNorm} with a group for each row, or for each part of rows: neighbours read neighbours. */
public final class GroupRmsNorm {
    /** Work items of a group; a power of two. */
    public static final int ITEMS = 128;

    private GroupRmsNorm() {}

    /** inverse[r] = 1 / sqrt(mean of x² + epsilon) and y = x · inverse · (offset + scale); over rows. */
    public static void forward(
            KernelContext context,
            float[] y,
            float[] inverse,
            float[] x,
            float[] scale,
            int width,
            float epsilon,
            float offset,
            int count) {
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int row = context.groupIdx;
        int at = row * width;
        float squares = 0f;
        for (int j = item; j < width; j += ITEMS) squares += x[at + j] * x[at + j];
        sums[item] = squares;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) sums[item] = sums[item] + sums[item + apart];
            context.localBarrier();
        }
        float factor = 1f / TornadoMath.sqrt(sums[0] / width + epsilon);
        if (item == 0) inverse[row] = factor;
        for (int j = item; j < width; j += ITEMS) y[at + j] = x[at + j] * factor * (offset + scale[j]);
    }

    /** dx, and the gradient of the scale summed over each part of {@code part} rows; over parts. */
    public static void grad(
            KernelContext context,
            float[] dx,
            float[] parts,
            float[] dy,
            float[] x,
            float[] inverse,
            float[] scale,
            int width,
            int rows,
            int part,
            float offset,
            int keep,
            int count) {
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int p = context.groupIdx;
        for (int j = item; j < width; j += ITEMS) parts[p * width + j] = 0f;
        int end = TornadoMath.min((p + 1) * part, rows);
        for (int r = p * part; r < end; r++) {
            int at = r * width;
            float product = 0f;
            for (int j = item; j < width; j += ITEMS) product += dy[at + j] * (offset + scale[j]) * x[at + j];
            sums[item] = product;
            context.localBarrier();
            for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
                if (item < apart) sums[item] = sums[item] + sums[item + apart];
                context.localBarrier();
            }
            float factor = inverse[r];
            float along = sums[0] * factor * factor * factor / width;
            context.localBarrier();
            for (int j = item; j < width; j += ITEMS) {
                parts[p * width + j] = parts[p * width + j] + dy[at + j] * x[at + j] * factor;
                float before = 0f;
                if (keep == 1) before = dx[at + j];
                dx[at + j] = before + dy[at + j] * (offset + scale[j]) * factor - x[at + j] * along;
            }
        }
    }
}
