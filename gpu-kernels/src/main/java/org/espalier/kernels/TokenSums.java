package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Sums per feature over the tokens of a batch of sequences, added to what is there: feature {@code f} of token {@code t} lies at
 * {@code f·featureStride + t·tokenStride}, sequence after sequence. Every sequence is summed on its own first, which keeps the
 * rounding small. The slice runs over features.
 */
public final class TokenSums {
    private TokenSums() {}

    /** squares[f] += Σ x². */
    public static void squares(
            float[] squares,
            float[] x,
            int sequences,
            int length,
            int featureStride,
            int tokenStride,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int f = first + i;
            float total = squares[f];
            for (int s = 0; s < sequences; s++) {
                float sum = 0f;
                for (int t = 0; t < length; t++) {
                    float v = x[f * featureStride + (s * length + t) * tokenStride];
                    sum += v * v;
                }
                total += sum;
            }
            squares[f] = total;
        }
    }

    /** sums[f] += Σ x, and between[f] += Σ over the sequences of (the sum of its tokens)². */
    public static void sums(
            float[] sums,
            float[] between,
            float[] x,
            int sequences,
            int length,
            int featureStride,
            int tokenStride,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int f = first + i;
            float total = sums[f];
            float squares = between[f];
            for (int s = 0; s < sequences; s++) {
                float sum = 0f;
                for (int t = 0; t < length; t++) sum += x[f * featureStride + (s * length + t) * tokenStride];
                total += sum;
                squares += sum * sum;
            }
            sums[f] = total;
            between[f] = squares;
        }
    }
}
