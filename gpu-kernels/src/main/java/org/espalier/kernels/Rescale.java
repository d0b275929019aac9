package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * A weight w (out, in) whose entries are scaled by factors of rows and columns: m = w · (1 + scale · a · c), with a (groups, in), whose row
 * {@code o / group} belongs to row {@code o} of w, and c (out).
 */
public final class Rescale {
    private Rescale() {}

    /** m (out, in); the slice runs over its rows. */
    public static void forward(
            float[] m, float[] w, float[] a, float[] c, int in, int group, float scale, int first, int count) {
        for (@Parallel int r = 0; r < count; r++) {
            for (@Parallel int i = 0; i < in; i++) {
                int o = first + r;
                m[o * in + i] = w[o * in + i] * (1f + scale * a[o / group * in + i] * c[o]);
            }
        }
    }

    /** dc[o] = scale · Σ_i g · w · a, with g (out, in) the gradient of m; the slice runs over o. */
    public static void rowGrad(
            float[] dc, float[] g, float[] w, float[] a, int in, int group, float scale, int first, int count) {
        for (@Parallel int r = 0; r < count; r++) {
            int o = first + r;
            float sum = 0f;
            for (int i = 0; i < in; i++) sum += g[o * in + i] * w[o * in + i] * a[o / group * in + i];
            dc[o] = scale * sum;
        }
    }

    /** da[q, i] = scale · Σ_o g · w · c over the rows o of group q; the slice runs over q. */
    public static void columnGrad(
            float[] da, float[] g, float[] w, float[] c, int in, int group, float scale, int first, int count) {
        for (@Parallel int r = 0; r < count; r++) {
            for (@Parallel int i = 0; i < in; i++) {
                int q = first + r;
                float sum = 0f;
                for (int k = 0; k < group; k++) {
                    int o = q * group + k;
                    sum += g[o * in + i] * w[o * in + i] * c[o];
                }
                da[q * in + i] = scale * sum;
            }
        }
    }
}
