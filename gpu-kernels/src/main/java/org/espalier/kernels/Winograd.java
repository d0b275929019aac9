package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (2016), F(4×4, 3×3): sixteen outputs of a 3×3
 * convolution from 36 products in place of 144. This is the part that concerns the weights; the products themselves are
 * host bodies, because a device is fed by the plain convolution.
 */
public final class Winograd {
    private Winograd() {}

    /**
     * u (36, rows / 4 rounded up, columns, 4) = G · w · Gᵀ for each 3×3 kernel of w, rows beyond the last being left alone. Rows are
     * outs and columns channels of w (outs, channels, 3, 3); if {@code turned}, rows are channels, columns outs, and kernels
     * are turned by 180°, which is the convolution that takes gradients back to the input. The slice runs over rows.
     */
    public static void weights(float[] u, float[] w, int rows, int columns, int turned, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int c = 0; c < columns; c++) {
                int r = first + i;
                int from = turned == 1 ? (c * rows + r) * 9 : (r * columns + c) * 9;
                int plane = (rows + 3) / 4 * columns * 4;
                int to = (r / 4 * columns + c) * 4 + r % 4;
                for (int k = 0; k < 6; k++) {
                    float a = spread(w, from, turned, 0, k);
                    float b = spread(w, from, turned, 1, k);
                    float d = spread(w, from, turned, 2, k);
                    u[to + k * plane] = a / 4f;
                    u[to + (6 + k) * plane] = -(a + b + d) / 6f;
                    u[to + (12 + k) * plane] = -(a - b + d) / 6f;
                    u[to + (18 + k) * plane] = (a + 2f * b + 4f * d) / 24f;
                    u[to + (24 + k) * plane] = (a - 2f * b + 4f * d) / 24f;
                    u[to + (30 + k) * plane] = d;
                }
            }
        }
    }

    /** Entry k of a kernel's row times Gᵀ. */
    private static float spread(float[] w, int from, int turned, int row, int k) {
        float a = turned == 1 ? w[from + 8 - row * 3] : w[from + row * 3];
        float b = turned == 1 ? w[from + 7 - row * 3] : w[from + row * 3 + 1];
        float d = turned == 1 ? w[from + 6 - row * 3] : w[from + row * 3 + 2];
        if (k == 0) return a / 4f;
        if (k == 1) return -(a + b + d) / 6f;
        if (k == 2) return -(a - b + d) / 6f;
        if (k == 3) return (a + 2f * b + 4f * d) / 24f;
        if (k == 4) return (a - 2f * b + 4f * d) / 24f;
        return d;
    }
}
