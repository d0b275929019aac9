package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Pooling of images that lie (channels, height, width, batch). Outputs are
 * {@code (height + 2·padding − side) / stride + 1} high, and as wide correspondingly. Forward slices run over the rows of
 * all output planes (channels · outHeight), backward slices over the rows of all input planes (channels · height).
 *
 * <p>Where windows are looked for that cover a place, a remainder of the division by the stride counts as a window beyond the edge: no
 * condition then becomes constant with a stride of 1, which TornadoVM could not compile.
 */
public final class Pool {
    private Pool() {}

    /** y = the largest entry of each window, and where in its plane it lies (the first of equals). */
    public static void largest(
            float[] y,
            int[] where,
            float[] x,
            int batch,
            int height,
            int width,
            int side,
            int stride,
            int padding,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int outHeight = (height + 2 * padding - side) / stride + 1;
            int outWidth = (width + 2 * padding - side) / stride + 1;
            int row = first + i;
            int plane = row / outHeight * height * width;
            int top = row % outHeight * stride - padding;
            for (@Parallel int e = 0; e < outWidth * batch; e++) {
                int left = e / batch * stride - padding;
                float best = 0f;
                int at = -1;
                for (int k = 0; k < side * side; k++) {
                    int iy = top + k / side;
                    int ix = left + k % side;
                    if (iy >= 0 && iy < height && ix >= 0 && ix < width) {
                        float value = x[(plane + iy * width + ix) * batch + e % batch];
                        if (at < 0 || value > best) {
                            best = value;
                            at = iy * width + ix;
                        }
                    }
                }
                y[row * outWidth * batch + e] = best;
                where[row * outWidth * batch + e] = at;
            }
        }
    }

    /** dx = dy where the window's largest entry lay, 0 elsewhere; windows may overlap. */
    public static void maxGrad(
            float[] dx,
            float[] dy,
            int[] where,
            int batch,
            int height,
            int width,
            int side,
            int stride,
            int padding,
            int keep,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int outHeight = (height + 2 * padding - side) / stride + 1;
            int outWidth = (width + 2 * padding - side) / stride + 1;
            int row = first + i;
            int outPlane = row / height * outHeight * outWidth;
            for (@Parallel int e = 0; e < width * batch; e++) {
                int iy = row % height;
                int ix = e / batch;
                float sum = keep == 1 ? dx[row * width * batch + e] : 0f;
                for (int k = 0; k < side * side; k++) {
                    int down = iy + padding - k / side;
                    int right = ix + padding - k % side;
                    int oy = down / stride;
                    int ox = right / stride;
                    if (down >= 0
                            && right >= 0
                            && oy + (down - oy * stride) * outHeight < outHeight
                            && ox + (right - ox * stride) * outWidth < outWidth) {
                        int out = (outPlane + oy * outWidth + ox) * batch + e % batch;
                        if (where[out] == iy * width + ix) sum += dy[out];
                    }
                }
                dx[row * width * batch + e] = sum;
            }
        }
    }

    /** y = the mean of each window, where padding counts as zeros. */
    public static void average(
            float[] y,
            float[] x,
            int batch,
            int height,
            int width,
            int side,
            int stride,
            int padding,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int outHeight = (height + 2 * padding - side) / stride + 1;
            int outWidth = (width + 2 * padding - side) / stride + 1;
            int row = first + i;
            int plane = row / outHeight * height * width;
            int top = row % outHeight * stride - padding;
            for (@Parallel int e = 0; e < outWidth * batch; e++) {
                int left = e / batch * stride - padding;
                float sum = 0f;
                for (int k = 0; k < side * side; k++) {
                    int iy = top + k / side;
                    int ix = left + k % side;
                    if (iy >= 0 && iy < height && ix >= 0 && ix < width)
                        sum += x[(plane + iy * width + ix) * batch + e % batch];
                }
                y[row * outWidth * batch + e] = sum / (side * side);
            }
        }
    }

    /** dx = the sum over the windows that cover an entry of dy / side². */
    public static void averageGrad(
            float[] dx,
            float[] dy,
            int batch,
            int height,
            int width,
            int side,
            int stride,
            int padding,
            int keep,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int outHeight = (height + 2 * padding - side) / stride + 1;
            int outWidth = (width + 2 * padding - side) / stride + 1;
            int row = first + i;
            int outPlane = row / height * outHeight * outWidth;
            for (@Parallel int e = 0; e < width * batch; e++) {
                float sum = 0f;
                for (int k = 0; k < side * side; k++) {
                    int down = row % height + padding - k / side;
                    int right = e / batch + padding - k % side;
                    int oy = down / stride;
                    int ox = right / stride;
                    if (down >= 0
                            && right >= 0
                            && oy + (down - oy * stride) * outHeight < outHeight
                            && ox + (right - ox * stride) * outWidth < outWidth)
                        sum += dy[(outPlane + oy * outWidth + ox) * batch + e % batch];
                }
                float before = keep == 1 ? dx[row * width * batch + e] : 0f;
                dx[row * width * batch + e] = before + sum / (side * side);
            }
        }
    }

    /** y (channels, batch) = the mean over the positions of x (channels, positions, batch); the slice runs over channels. */
    public static void mean(float[] y, float[] x, int batch, int positions, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int n = 0; n < batch; n++) {
                int c = first + i;
                float sum = 0f;
                for (int p = 0; p < positions; p++) sum += x[(c * positions + p) * batch + n];
                y[c * batch + n] = sum / positions;
            }
        }
    }

    /** dx (channels, positions, batch) = dy (channels, batch) / positions; the slice runs over channels. */
    public static void meanGrad(float[] dx, float[] dy, int batch, int positions, int keep, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int e = 0; e < positions * batch; e++) {
                int c = first + i;
                float before = keep == 1 ? dx[c * positions * batch + e] : 0f;
                dx[c * positions * batch + e] = before + dy[c * batch + e % batch] / positions;
            }
        }
    }

    /** y (features, batch) = the sum of x (groups, features, batch) over the groups; the slice runs over features. */
    public static void sum(float[] y, float[] x, int batch, int features, int groups, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int n = 0; n < batch; n++) {
                int at = (first + i) * batch + n;
                float sum = 0f;
                for (int g = 0; g < groups; g++) sum += x[g * features * batch + at];
                y[at] = sum;
            }
        }
    }
}
