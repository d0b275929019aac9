package org.espalier.kernels.tuned;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * A work item for each entry, neighbours for neighbours, where a portable kernel has one for each row and a loop along it: twins of
 * {@link org.espalier.kernels.Bias}, {@link org.espalier.kernels.CrossEntropy} and {@link org.espalier.kernels.Standardise}.
 */
public final class EachEntry {
    /** Work items of a group. */
    public static final int ITEMS = 256;

    private EachEntry() {}

    /** y += bias, broadcast over the examples. */
    public static void bias(
            KernelContext context,
            float[] y,
            float[] bias,
            int examples,
            int featureStride,
            int exampleStride,
            int count) {
        int item = context.localIdx;
        int entry = context.groupIdx * ITEMS + item;
        int apart = TornadoMath.min(featureStride - 1, 1); // 0 where features are neighbours
        if (entry < count * examples) {
            int feature = entry / (apart * (examples - 1) + 1) % count;
            int e = entry / ((1 - apart) * (count - 1) + 1) % examples;
            int at = feature * featureStride + e * exampleStride;
            y[at] = y[at] + bias[feature];
        }
    }

    /** dlogits = weights[e] · (probabilities − one-hot of the label). */
    public static void slope(
            KernelContext context,
            float[] dlogits,
            float[] probabilities,
            int[] labels,
            float[] weights,
            int classes,
            int classStride,
            int exampleStride,
            int keep,
            int count) {
        int item = context.localIdx;
        int entry = context.groupIdx * ITEMS + item;
        int apart = TornadoMath.min(classStride - 1, 1); // 0 where classes are neighbours
        if (entry < count * classes) {
            int c = entry / (apart * (count - 1) + 1) % classes;
            int e = entry / ((1 - apart) * (classes - 1) + 1) % count;
            int at = e * exampleStride + c * classStride;
            float before = 0f;
            if (keep == 1) before = dlogits[at];
            float target = 0f;
            if (labels[e] == c) target = 1f;
            dlogits[at] = before + weights[e] * (probabilities[at] - target);
        }
    }

    /** y = (x − mean) / sqrt(variance + epsilon) · scale + shift; the variance lies at {@code variance[offset + c]}. */
    public static void standardise(
            KernelContext context,
            float[] y,
            float[] x,
            float[] mean,
            float[] variance,
            int offset,
            float[] scale,
            float[] shift,
            int length,
            float epsilon,
            int count) {
        int item = context.localIdx;
        int entry = context.groupIdx * ITEMS + item;
        if (entry < count * length) {
            int c = entry / length;
            float factor = scale[c] / TornadoMath.sqrt(variance[offset + c] + epsilon);
            y[entry] = x[entry] * factor + (shift[c] - mean[c] * factor);
        }
    }

    /** dx of a batch's normalisation. */
    public static void standardiseGrad(
            KernelContext context,
            float[] dx,
            float[] dy,
            float[] x,
            float[] moments,
            float[] sums,
            float[] scale,
            int channels,
            int length,
            float epsilon,
            int keep,
            int count) {
        int item = context.localIdx;
        int entry = context.groupIdx * ITEMS + item;
        if (entry < count * length) {
            int c = entry / length;
            float inverse = 1f / TornadoMath.sqrt(moments[channels + c] + epsilon);
            float along = sums[channels + c] / length * inverse;
            float rest = sums[c] / length - along * moments[c];
            float before = 0f;
            if (keep == 1) before = dx[entry];
            dx[entry] = before + scale[c] * inverse * (dy[entry] - x[entry] * along - rest);
        }
    }
}
