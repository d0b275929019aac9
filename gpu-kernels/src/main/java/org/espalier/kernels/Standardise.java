package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Batch normalisation (Ioffe and Szegedy 2015) of x (channels, length), where {@code length} counts a channel's positions in
 * all examples. Slices run over channels.
 */
public final class Standardise {
    private Standardise() {}

    /**
     * moments[c] = mean of a channel and moments[channels + c] = its variance (divided by length, as the batch is normalised with);
     * the running mean and variance (divided by length − 1, as PyTorch keeps it) move towards them by {@code momentum}.
     */
    public static void moments(
            float[] moments,
            float[] runningMean,
            float[] runningVariance,
            float[] x,
            int channels,
            int length,
            float momentum,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int c = first + i;
            float sum = 0f;
            for (int e = 0; e < length; e++) sum += x[c * length + e];
            float mean = sum / length;
            float squares = 0f;
            for (int e = 0; e < length; e++) {
                float d = x[c * length + e] - mean;
                squares += d * d;
            }
            moments[c] = mean;
            moments[channels + c] = squares / length;
            float unbiased = length > 1 ? squares / (length - 1) : squares;
            runningMean[c] = runningMean[c] + momentum * (mean - runningMean[c]);
            runningVariance[c] = runningVariance[c] + momentum * (unbiased - runningVariance[c]);
        }
    }

    /** y = (x − mean) / sqrt(variance + epsilon) · scale + shift; the variance lies at {@code variance[offset + c]}. */
    public static void apply(
            float[] y,
            float[] x,
            float[] mean,
            float[] variance,
            int offset,
            float[] scale,
            float[] shift,
            int length,
            float epsilon,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int c = first + i;
            float factor = scale[c] / TornadoMath.sqrt(variance[offset + c] + epsilon);
            float rest = shift[c] - mean[c] * factor;
            for (int e = 0; e < length; e++) y[c * length + e] = x[c * length + e] * factor + rest;
        }
    }

    /** sums[c] = sum of dy and sums[channels + c] = sum of dy · (x − mean) / sqrt(variance + epsilon). */
    public static void sums(
            float[] sums,
            float[] dy,
            float[] x,
            float[] moments,
            int channels,
            int length,
            float epsilon,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int c = first + i;
            float mean = moments[c];
            float plain = 0f;
            float weighted = 0f;
            for (int e = c * length; e < (c + 1) * length; e++) {
                plain += dy[e];
                weighted += dy[e] * (x[e] - mean);
            }
            sums[c] = plain;
            sums[channels + c] = weighted / TornadoMath.sqrt(moments[channels + c] + epsilon);
        }
    }

    /** dx, where the batch's own moments depend on x as well: the gradient loses its mean and its part along x. */
    public static void inputGrad(
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
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int c = first + i;
            float inverse = 1f / TornadoMath.sqrt(moments[channels + c] + epsilon);
            float along = sums[channels + c] / length * inverse;
            float rest = sums[c] / length - along * moments[c];
            for (int e = c * length; e < (c + 1) * length; e++) {
                float before = keep == 1 ? dx[e] : 0f;
                dx[e] = before + scale[c] * inverse * (dy[e] - x[e] * along - rest);
            }
        }
    }

    /** d[c] = sums[offset + c]: the gradient of a channel's scale or shift. */
    public static void take(float[] d, float[] sums, int offset, int keep, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int c = first + i;
            float before = keep == 1 ? d[c] : 0f;
            d[c] = before + sums[offset + c];
        }
    }
}
