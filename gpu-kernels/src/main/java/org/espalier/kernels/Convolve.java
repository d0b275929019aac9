package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Convolutions of images that lie (channels, height, width, batch): the batch is innermost, so that it fills vector lanes.
 * Weights lie (outs, channels, side, side). Outputs are {@code (height + 2·padding − side) / stride + 1} high, and
 * as wide correspondingly. A unit of a slice is a square of {@code patch} × {@code patch} positions of the plane that is
 * written, in rows of patches, cut off at the plane's edges; {@code keep} is 1 to add to the output and 0 to overwrite it.
 *
 * <p>Where windows are looked for that cover a place, a remainder of the division by the stride counts as a window beyond the edge: no
 * condition then becomes constant with a stride of 1, which TornadoVM could not compile.
 */
public final class Convolve {
    private Convolve() {}

    /** y (outs, outHeight, outWidth, batch) = w ∗ x + bias; the slice runs over patches of y, {@code bias} gives outs. */
    public static void forward(
            float[] y,
            float[] x,
            float[] w,
            float[] bias,
            int batch,
            int channels,
            int height,
            int width,
            int outs,
            int side,
            int stride,
            int padding,
            int patch,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int o = 0; o < outs; o++) {
                int outHeight = (height + 2 * padding - side) / stride + 1;
                int outWidth = (width + 2 * padding - side) / stride + 1;
                int across = (outWidth + patch - 1) / patch;
                int top = (first + i) / across * patch;
                int left = (first + i) % across * patch;
                for (int p = 0; p < patch * patch; p++) {
                    int oy = top + p / patch;
                    int ox = left + p % patch;
                    if (oy < outHeight && ox < outWidth) {
                        for (int n = 0; n < batch; n++) {
                            float sum = bias[o];
                            for (int c = 0; c < channels; c++) {
                                for (int k = 0; k < side * side; k++) {
                                    int iy = oy * stride - padding + k / side;
                                    int ix = ox * stride - padding + k % side;
                                    if (iy >= 0 && iy < height && ix >= 0 && ix < width) {
                                        float weight = w[(o * channels + c) * side * side + k];
                                        sum += weight * x[((c * height + iy) * width + ix) * batch + n];
                                    }
                                }
                            }
                            y[((o * outHeight + oy) * outWidth + ox) * batch + n] = sum;
                        }
                    }
                }
            }
        }
    }

    /** dx = the transpose of the convolution applied to dy; the slice runs over patches of dx. */
    public static void inputGrad(
            float[] dx,
            float[] dy,
            float[] w,
            int batch,
            int channels,
            int height,
            int width,
            int outs,
            int side,
            int stride,
            int padding,
            int patch,
            int keep,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int c = 0; c < channels; c++) {
                int outHeight = (height + 2 * padding - side) / stride + 1;
                int outWidth = (width + 2 * padding - side) / stride + 1;
                int across = (width + patch - 1) / patch;
                int top = (first + i) / across * patch;
                int left = (first + i) % across * patch;
                for (int p = 0; p < patch * patch; p++) {
                    int iy = top + p / patch;
                    int ix = left + p % patch;
                    if (iy < height && ix < width) {
                        for (int n = 0; n < batch; n++) {
                            int at = ((c * height + iy) * width + ix) * batch + n;
                            float sum = keep == 1 ? dx[at] : 0f;
                            for (int o = 0; o < outs; o++) {
                                for (int k = 0; k < side * side; k++) {
                                    int down = iy + padding - k / side;
                                    int right = ix + padding - k % side;
                                    int oy = down / stride;
                                    int ox = right / stride;
                                    if (down >= 0
                                            && right >= 0
                                            && oy + (down - oy * stride) * outHeight < outHeight
                                            && ox + (right - ox * stride) * outWidth < outWidth) {
                                        float weight = w[(o * channels + c) * side * side + k];
                                        sum += weight * dy[((o * outHeight + oy) * outWidth + ox) * batch + n];
                                    }
                                }
                            }
                            dx[at] = sum;
                        }
                    }
                }
            }
        }
    }

    /**
     * parts (pieces, outs · channels · side²): piece p sums the weights' gradient over its share of the patches of dy,
     * {@code p·patches/pieces … (p + 1)·patches/pieces − 1}. The slice runs over pieces; {@link #sum} adds them up.
     */
    public static void weightGrad(
            float[] parts,
            float[] dy,
            float[] x,
            int batch,
            int channels,
            int height,
            int width,
            int outs,
            int side,
            int stride,
            int padding,
            int patch,
            int pieces,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int e = 0; e < outs * channels * side * side; e++) {
                int outHeight = (height + 2 * padding - side) / stride + 1;
                int outWidth = (width + 2 * padding - side) / stride + 1;
                int across = (outWidth + patch - 1) / patch;
                int patches = (outHeight + patch - 1) / patch * across;
                int k = e % (side * side);
                int c = e / (side * side) % channels;
                int o = e / (side * side * channels);
                float sum = 0f;
                int piece = first + i;
                for (int t = piece * patches / pieces; t < (piece + 1) * patches / pieces; t++) {
                    for (int p = 0; p < patch * patch; p++) {
                        int oy = t / across * patch + p / patch;
                        int ox = t % across * patch + p % patch;
                        int iy = oy * stride - padding + k / side;
                        int ix = ox * stride - padding + k % side;
                        if (oy < outHeight && ox < outWidth && iy >= 0 && iy < height && ix >= 0 && ix < width) {
                            int out = ((o * outHeight + oy) * outWidth + ox) * batch;
                            int in = ((c * height + iy) * width + ix) * batch;
                            for (int n = 0; n < batch; n++) sum += dy[out + n] * x[in + n];
                        }
                    }
                }
                parts[piece * outs * channels * side * side + e] = sum;
            }
        }
    }

    /** turned (channels, outs, positions) = w (outs, channels, positions) with its first two dimensions exchanged. */
    public static void turn(float[] turned, float[] w, int outs, int channels, int positions, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int e = 0; e < outs * positions; e++) {
                int c = first + i;
                turned[c * outs * positions + e] = w[(e / positions * channels + c) * positions + e % positions];
            }
        }
    }

    /** y[e] = sum over pieces of parts (pieces, size), in order; the slice runs over elements. */
    public static void sum(float[] y, float[] parts, int size, int pieces, int keep, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            float sum = keep == 1 ? y[e] : 0f;
            for (int p = 0; p < pieces; p++) sum += parts[p * size + e];
            y[e] = sum;
        }
    }

    /** dbias (outs) = sum of dy (outs, length) along its rows; the slice runs over outs. */
    public static void biasGrad(float[] dbias, float[] dy, int length, int keep, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int o = first + i;
            float sum = keep == 1 ? dbias[o] : 0f;
            for (int e = 0; e < length; e++) sum += dy[o * length + e];
            dbias[o] = sum;
        }
    }
}
