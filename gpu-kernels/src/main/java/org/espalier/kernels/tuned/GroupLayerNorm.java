package org.espalier.kernels.tuned;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** {@link org.espalier.kernels.LayerNorm} with a group for each row, or for each part of rows: neighbours read neighbours. */
public final class GroupLayerNorm {
    /** Work items of a group; a power of two. */
    public static final int ITEMS = 128;

    private GroupLayerNorm() {}

    /** y = (x − mean) · inverse · scale + shift; moments[2r] = mean and moments[2r + 1] = inverse; over rows. */
    public static void forward(
            KernelContext context,
            float[] y,
            float[] moments,
            float[] x,
            float[] scale,
            float[] shift,
            int width,
            float epsilon,
            int count) {
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        float[] squares = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int row = context.groupIdx;
        int at = row * width;
        float sum = 0f;
        for (int j = item; j < width; j += ITEMS) sum += x[at + j];
        sums[item] = sum;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) sums[item] = sums[item] + sums[item + apart];
            context.localBarrier();
        }
        float mean = sums[0] / width;
        float square = 0f;
        for (int j = item; j < width; j += ITEMS) {
            float d = x[at + j] - mean;
            square += d * d;
        }
        squares[item] = square;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) squares[item] = squares[item] + squares[item + apart];
            context.localBarrier();
        }
        float factor = 1f / TornadoMath.sqrt(squares[0] / width + epsilon);
        if (item == 0) {
            moments[2 * row] = mean;
            moments[2 * row + 1] = factor;
        }
        for (int j = item; j < width; j += ITEMS) y[at + j] = (x[at + j] - mean) * factor * scale[j] + shift[j];
    }

    /** dx, and the gradients of scale and shift summed over each part of {@code part} rows; over parts. */
    public static void grad(
            KernelContext context,
            float[] dx,
            float[] scales,
            float[] shifts,
            float[] dy,
            float[] x,
            float[] moments,
            float[] scale,
            int width,
            int rows,
            int part,
            int keep,
            int count) {
        float[] plains = context.allocateFloatLocalArray(ITEMS);
        float[] alongs = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int p = context.groupIdx;
        for (int j = item; j < width; j += ITEMS) {
            scales[p * width + j] = 0f;
            shifts[p * width + j] = 0f;
        }
        int end = TornadoMath.min((p + 1) * part, rows);
        for (int r = p * part; r < end; r++) {
            int at = r * width;
            float mean = moments[2 * r];
            float factor = moments[2 * r + 1];
            float sum = 0f;
            float product = 0f;
            for (int j = item; j < width; j += ITEMS) {
                float d = dy[at + j] * scale[j];
                sum += d;
                product += d * (x[at + j] - mean);
            }
            plains[item] = sum;
            alongs[item] = product;
            context.localBarrier();
            for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
                if (item < apart) {
                    plains[item] = plains[item] + plains[item + apart];
                    alongs[item] = alongs[item] + alongs[item + apart];
                }
                context.localBarrier();
            }
            float plain = plains[0] / width;
            float along = alongs[0] * factor * factor / width;
            context.localBarrier();
            for (int j = item; j < width; j += ITEMS) {
                float centred = x[at + j] - mean;
                scales[p * width + j] = scales[p * width + j] + dy[at + j] * centred * factor;
                shifts[p * width + j] = shifts[p * width + j] + dy[at + j];
                float before = 0f;
                if (keep == 1) before = dx[at + j];
                dx[at + j] = before + factor * (dy[at + j] * scale[j] - plain - centred * along);
            }
        }
    }
}
