package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Rotary position embedding (Su et al. 2021), where feature j of a head turns together with feature j + rotated/2. */
public final class Rotate {
    private Rotate() {}

    /**
     * y (tokens, heads·dim): the first {@code rotated} features of each head of x turned by its token's angles, the others as
     * they are. The token of row r stands at start[0] + r mod length; its cosines and sines are that row of the tables
     * (positions, rotated/2). {@code sign} is 1, or −1 for the gradient, which turns back. The slice runs over tokens.
     */
    public static void turn(
            float[] y,
            float[] x,
            float[] cosines,
            float[] sines,
            int[] start,
            int heads,
            int dim,
            int rotated,
            int length,
            float sign,
            int keep,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int h = 0; h < heads; h++) {
                int row = first + i;
                int pairs = rotated / 2;
                int angle = (start[0] + row % length) * pairs;
                int at = (row * heads + h) * dim;
                for (int j = 0; j < pairs; j++) {
                    float a = x[at + j];
                    float b = x[at + pairs + j];
                    float cosine = cosines[angle + j];
                    float sine = sign * sines[angle + j];
                    float beforeA = keep == 1 ? y[at + j] : 0f;
                    float beforeB = keep == 1 ? y[at + pairs + j] : 0f;
                    y[at + j] = beforeA + (a * cosine - b * sine);
                    y[at + pairs + j] = beforeB + (b * cosine + a * sine);
                }
                for (int j = rotated; j < dim; j++) {
                    float before = keep == 1 ? y[at + j] : 0f;
                    y[at + j] = before + x[at + j];
                }
            }
        }
    }
}
