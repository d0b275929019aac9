package org.espalier.kernels.tuned;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Long sums, one for each group: work item i adds entries i, i + {@link #ITEMS} …, and the items' sums are added in pairs, always the same
 * ones. Twins of {@link org.espalier.kernels.Bias}, {@link org.espalier.kernels.Norm} and {@link org.espalier.kernels.CrossEntropy}.
 */
public final class GroupSums {
    /** Work items of a group; a power of two. */
    public static final int ITEMS = 256;

    private GroupSums() {}

    /** dbias = sum of dy over the examples; a group for each feature, best where the examples of a feature are neighbours. */
    public static void bias(
            KernelContext context,
            float[] dbias,
            float[] dy,
            int examples,
            int featureStride,
            int exampleStride,
            int keep,
            int count) {
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int feature = context.groupIdx;
        float sum = 0f;
        for (int e = item; e < examples; e += ITEMS) sum += dy[feature * featureStride + e * exampleStride];
        sums[item] = sum;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) sums[item] = sums[item] + sums[item + apart];
            context.localBarrier();
        }
        if (item == 0) {
            float before = 0f;
            if (keep == 1) before = dbias[feature];
            dbias[feature] = before + sums[0];
        }
    }

    /** parts[offset + p] = sum of squares of x[p·length … (p + 1)·length − 1], as far as x goes; a group for each p. */
    public static void squares(
            KernelContext context, float[] parts, float[] x, int size, int length, int offset, int count) {
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int part = context.groupIdx;
        int end = TornadoMath.min((part + 1) * length, size);
        float sum = 0f;
        for (int e = part * length + item; e < end; e += ITEMS) sum += x[e] * x[e];
        sums[item] = sum;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) sums[item] = sums[item] + sums[item + apart];
            context.localBarrier();
        }
        if (item == 0) parts[offset + part] = sums[0];
    }

    /** step[1] = min(1, limit / sqrt(sum of parts)), in one group. */
    public static void clip(KernelContext context, float[] step, float[] parts, int size, float limit, int count) {
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        float sum = 0f;
        for (int p = item; p < size; p += ITEMS) sum += parts[p];
        sums[item] = sum;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) sums[item] = sums[item] + sums[item + apart];
            context.localBarrier();
        }
        if (item == 0) {
            float norm = TornadoMath.sqrt(sums[0]);
            float factor = 1f;
            if (norm > limit) factor = limit / (norm + 1e-6f);
            step[1] = factor;
        }
    }

    /** total[0] = sum of losses, in one group. */
    public static void total(KernelContext context, float[] total, float[] losses, int examples, int count) {
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        float sum = 0f;
        for (int e = item; e < examples; e += ITEMS) sum += losses[e];
        sums[item] = sum;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) sums[item] = sums[item] + sums[item + apart];
            context.localBarrier();
        }
        if (item == 0) total[0] = sums[0];
    }
}
