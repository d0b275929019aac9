package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * A bias per feature, in either layout: feature {@code f} of example {@code e} lies at
 * {@code f·featureStride + e·exampleStride}. The slice runs over features.
 */
public final class Bias {
    private Bias() {}

    /** y += bias, broadcast over the examples. */
    public static void add(
            float[] y, float[] bias, int examples, int featureStride, int exampleStride, int first, int count) {
        for (@Parallel int f = 0; f < count; f++) {
            int feature = first + f;
            float b = bias[feature];
            for (int e = 0; e < examples; e++) {
                int at = feature * featureStride + e * exampleStride;
                y[at] = y[at] + b;
            }
        }
    }

    /** dbias = sum of dy over the examples. */
    public static void grad(
            float[] dbias,
            float[] dy,
            int examples,
            int featureStride,
            int exampleStride,
            int keep,
            int first,
            int count) {
        for (@Parallel int f = 0; f < count; f++) {
            int feature = first + f;
            float sum = keep == 1 ? dbias[feature] : 0f;
            for (int e = 0; e < examples; e++) sum += dy[feature * featureStride + e * exampleStride];
            dbias[feature] = sum;
        }
    }
}
