package org.espalier.launch;

/**
 * Vector bodies of {@link org.espalier.kernels.Standardise}'s reductions. A channel is summed in one slice in one order, so bits do
 * not depend on the cut; they differ from the kernel's by rounding.
 */
public final class StandardiseBodies {
    private StandardiseBodies() {}

    /** {@link org.espalier.kernels.Standardise#moments}. */
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
        for (int c = first; c < first + count; c++) {
            float mean = Reductions.sum(x, c * length, length) / length;
            float squares = Reductions.squares(x, c * length, length, mean);
            moments[c] = mean;
            moments[channels + c] = squares / length;
            float unbiased = length > 1 ? squares / (length - 1) : squares;
            runningMean[c] += momentum * (mean - runningMean[c]);
            runningVariance[c] += momentum * (unbiased - runningVariance[c]);
        }
    }

    /** {@link org.espalier.kernels.Standardise#sums}. */
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
        for (int c = first; c < first + count; c++) {
            float weighted = Reductions.product(dy, x, c * length, length, moments[c]);
            sums[c] = Reductions.sum(dy, c * length, length);
            sums[channels + c] = weighted / (float) Math.sqrt(moments[channels + c] + epsilon);
        }
    }
}
