package org.espalier.kernels.tuned;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** The sums of {@link org.espalier.kernels.Standardise} with a group for each channel: neighbours read neighbours. */
public final class GroupStandardise {
    /** Work items of a group; a power of two. */
    public static final int ITEMS = 256;

    private GroupStandardise() {}

    /** A channel's mean and variance, and the running ones that move towards them. */
    public static void moments(
            KernelContext context,
            float[] moments,
            float[] runningMean,
            float[] runningVariance,
            float[] x,
            int channels,
            int length,
            float momentum,
            int count) {
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        float[] squares = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int c = context.groupIdx;
        float sum = 0f;
        for (int e = item; e < length; e += ITEMS) sum += x[c * length + e];
        sums[item] = sum;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) sums[item] = sums[item] + sums[item + apart];
            context.localBarrier();
        }
        float mean = sums[0] / length;
        float square = 0f;
        for (int e = item; e < length; e += ITEMS) {
            float d = x[c * length + e] - mean;
            square += d * d;
        }
        squares[item] = square;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) squares[item] = squares[item] + squares[item + apart];
            context.localBarrier();
        }
        if (item == 0) {
            float total = squares[0];
            moments[c] = mean;
            moments[channels + c] = total / length;
            float unbiased = total / TornadoMath.max(1, length - 1);
            runningMean[c] = runningMean[c] + momentum * (mean - runningMean[c]);
            runningVariance[c] = runningVariance[c] + momentum * (unbiased - runningVariance[c]);
        }
    }

    /** sums[c] = sum of dy and sums[channels + c] = sum of dy · (x − mean) / sqrt(variance + epsilon). */
    public static void sums(
            KernelContext context,
            float[] sums,
            float[] dy,
            float[] x,
            float[] moments,
            int channels,
            int length,
            float epsilon,
            int count) {
        float[] plains = context.allocateFloatLocalArray(ITEMS);
        float[] alongs = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int c = context.groupIdx;
        float mean = moments[c];
        float plain = 0f;
        float along = 0f;
        for (int e = item; e < length; e += ITEMS) {
            float slope = dy[c * length + e];
            plain += slope;
            along += slope * (x[c * length + e] - mean);
        }
        plains[item] = plain;
        alongs[item] = along;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) {
                plains[item] = plains[item] + plains[item + apart];
                alongs[item] = alongs[item] + alongs[item + apart];
            }
            context.localBarrier();
        }
        if (item == 0) {
            sums[c] = plains[0];
            sums[channels + c] = alongs[0] / TornadoMath.sqrt(moments[channels + c] + epsilon);
        }
    }
}
