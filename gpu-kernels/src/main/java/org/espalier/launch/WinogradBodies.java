package org.espalier.launch;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * 3×3 convolutions of stride 1 by Lavin and Gray's F(4×4, 3×3): tiles of 6×6 inputs are transformed, multiplied with the transformed
 * weights (see {@link org.espalier.kernels.Winograd}) in 36 small products, and transformed to tiles of 4×4 outputs. That takes a quarter of
 * the multiplications, at the price of rounding: up to 1e-5 of the largest output, some ten times what the direct sum loses.
 * The batch lies in the lanes, {@value #STRIP} examples at a time, so a tile's transforms need no shuffles.
 */
final class WinogradBodies {
    /** Side of a tile of outputs: the patch of these launches. */
    static final int TILE = 4;

    /** Examples that are transformed and multiplied together; their tiles stay in the second-level cache. */
    private static final int STRIP = 64;

    /** Outputs multiplied and transformed back together, for the same reason. */
    private static final int ROWS = 16;

    private static final int POINTS = 36;
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private WinogradBodies() {}

    /** Whether the transforms pay for a window of this shape. */
    static boolean suits(Window s) {
        boolean form = s.kernel() == 3 && s.stride() == 1 && s.padding() <= 2;
        return form
                && s.channels() >= 8
                && s.outs() >= 8
                && s.batch() >= 8
                && Window.patches(s.outHeight(), s.outWidth(), TILE) >= 4
                && Window.patches(s.height(), s.width(), TILE) >= 4;
    }

    /** Elements of the transformed weights of {@code rows} outputs and {@code columns} inputs. */
    static int transformed(int rows, int columns) {
        return POINTS * padded(rows, 4) * columns;
    }

    private static int padded(int size, int unit) {
        return (size + unit - 1) / unit * unit;
    }

    /**
     * y = w ∗ x + bias from transformed weights; the slice runs over tiles of y.
     *
     * @param bias may be null
     */
    static void convolve(float[] y, float[] x, float[] u, float[] bias, boolean keep, Window s, int first, int count) {
        int across = (s.outWidth() + TILE - 1) / TILE;
        int rows = padded(s.outs(), 4);
        for (int t = first; t < first + count; t++) {
            int top = t / across * TILE, left = t % across * TILE;
            for (int n = 0; n < s.batch(); n += STRIP) {
                int lanes = Math.min(STRIP, s.batch() - n);
                int strip = padded(lanes, 2 * LANES);
                int in = s.channels() * strip + LANES, out = ROWS * strip + LANES;
                float[] v = Scratch.floats(0, POINTS * in);
                float[] m = Scratch.floats(1, POINTS * out);
                inputs(v, x, s, top, left, n, strip, in, 0, strip);
                for (int r = 0; r < rows; r += ROWS) {
                    int taken = Math.min(ROWS, rows - r);
                    for (int p = 0; p < POINTS; p++)
                        Strips.multiply(
                                m, p * out, u, (p * rows + r) * s.channels(), v, p * in, taken, s.channels(), strip);
                    outputs(y, m, bias, keep, s, top, left, n, lanes, strip, r, Math.min(r + taken, s.outs()), out);
                }
            }
        }
    }

    /**
     * Sums the gradient of the weights over each piece's tiles of dy, as {@link org.espalier.kernels.Convolve#weightGrad} does: what the
     * forward pass multiplies is multiplied again, inputs with output gradients.
     */
    static void weightGrad(float[] parts, float[] dy, float[] x, Window s, int pieces, int first, int count) {
        int across = (s.outWidth() + TILE - 1) / TILE;
        int tiles = Window.patches(s.outHeight(), s.outWidth(), TILE);
        int weights = s.outs() * s.channels();
        int strip = padded(Math.min(STRIP, s.batch()), 2 * LANES);
        int group = Math.max(1, DEPTH / strip);
        int row = group * strip;
        int in = s.channels() * row + LANES, out = s.outs() * row + LANES;
        float[] v = Scratch.floats(0, POINTS * in);
        float[] m = Scratch.floats(1, POINTS * out);
        float[] u = Scratch.floats(2, POINTS * weights);
        for (int piece = first; piece < first + count; piece++) {
            java.util.Arrays.fill(u, 0, POINTS * weights, 0f);
            int from = (int) ((long) piece * tiles / pieces), to = (int) ((piece + 1L) * tiles / pieces);
            for (int n = 0; n < s.batch(); n += STRIP) {
                int lanes = Math.min(STRIP, s.batch() - n);
                for (int t = from; t < to; t += group) {
                    int taken = Math.min(group, to - t);
                    for (int i = 0; i < taken; i++) {
                        int top = (t + i) / across * TILE, left = (t + i) % across * TILE;
                        inputs(v, x, s, top, left, n, row, in, i * strip, strip);
                        gradients(m, dy, s, top, left, n, lanes, row, out, i * strip, strip);
                    }
                    for (int p = 0; p < POINTS; p++)
                        Blas.product(
                                false,
                                true,
                                s.outs(),
                                s.channels(),
                                taken * strip,
                                m,
                                p * out,
                                row,
                                v,
                                p * in,
                                row,
                                1f,
                                u,
                                p * weights,
                                s.channels());
                }
            }
            back(parts, piece * weights * 9, u, weights);
        }
    }

    /** Columns of one product of the weights' gradient: long enough for OpenBLAS, short enough for the cache. */
    private static final int DEPTH = 64;

    /** v[point][channel][at … at + strip) = Bᵀ · tile · B for every channel of a 6×6 tile of x, zero beyond the image. */
    private static void inputs(
            float[] v, float[] x, Window s, int top, int left, int n, int row, int plane, int at, int strip) {
        int y0 = top - s.padding(), x0 = left - s.padding();
        boolean inside = y0 >= 0 && x0 >= 0 && y0 + 6 <= s.height() && x0 + 6 <= s.width();
        int down = s.width() * s.batch();
        float[] half = Scratch.floats(3, POINTS * LANES);
        float[] tile = Scratch.floats(4, POINTS * STRIP);
        for (int c = 0; c < s.channels(); c++) {
            int from = (c * s.inPositions() + y0 * s.width() + x0) * s.batch() + n;
            // Lanes beyond the batch may hold a neighbour's numbers, since nothing reads their results; but not beyond
            // the array.
            if (inside && from + 5 * down + 5 * s.batch() + strip <= x.length) {
                for (int l = 0; l < strip; l += LANES)
                    Tiles.input(v, c * row + at + l, plane, x, from + l, down, s.batch(), half);
            } else {
                gather(tile, x, s, c, y0, x0, n, strip);
                for (int l = 0; l < strip; l += LANES)
                    Tiles.input(v, c * row + at + l, plane, tile, l, 6 * strip, strip, half);
            }
        }
    }

    private static void gather(float[] tile, float[] x, Window s, int c, int y0, int x0, int n, int strip) {
        int lanes = Math.min(strip, s.batch() - n);
        for (int p = 0; p < POINTS; p++) {
            int iy = y0 + p / 6, ix = x0 + p % 6;
            if (iy < 0 || iy >= s.height() || ix < 0 || ix >= s.width()) {
                java.util.Arrays.fill(tile, p * strip, (p + 1) * strip, 0f);
                continue;
            }
            System.arraycopy(x, (c * s.inPositions() + iy * s.width() + ix) * s.batch() + n, tile, p * strip, lanes);
            java.util.Arrays.fill(tile, p * strip + lanes, (p + 1) * strip, 0f);
        }
    }

    /** m[point][out][at … at + strip) = A · tile · Aᵀ for every channel of a 4×4 tile of dy; lanes beyond the batch are zero. */
    private static void gradients(
            float[] m,
            float[] dy,
            Window s,
            int top,
            int left,
            int n,
            int lanes,
            int row,
            int plane,
            int at,
            int strip) {
        int down = s.outWidth() * s.batch();
        boolean inside = top + TILE <= s.outHeight() && left + TILE <= s.outWidth();
        float[] half = Scratch.floats(3, POINTS * LANES);
        float[] tile = Scratch.floats(4, POINTS * STRIP);
        for (int o = 0; o < s.outs(); o++) {
            int from = (o * s.outPositions() + top * s.outWidth() + left) * s.batch() + n;
            if (!inside) gatherGradient(tile, dy, s, o, top, left, n, lanes, strip);
            for (int l = 0; l < strip; l += LANES) {
                VectorMask<Float> mask = S.indexInRange(l, lanes);
                int to = o * row + at + l;
                if (inside) Tiles.gradient(m, to, plane, dy, from + l, down, s.batch(), mask, half);
                else Tiles.gradient(m, to, plane, tile, l, TILE * strip, strip, mask, half);
            }
        }
    }

    private static void gatherGradient(
            float[] tile, float[] dy, Window s, int o, int top, int left, int n, int lanes, int strip) {
        for (int p = 0; p < TILE * TILE; p++) {
            int oy = top + p / TILE, ox = left + p % TILE;
            if (oy >= s.outHeight() || ox >= s.outWidth()) java.util.Arrays.fill(tile, p * strip, (p + 1) * strip, 0f);
            else
                System.arraycopy(
                        dy, (o * s.outPositions() + oy * s.outWidth() + ox) * s.batch() + n, tile, p * strip, lanes);
        }
    }

    /** y = Aᵀ · m · A + bias, cut off at the edges of the image and of the batch. */
    private static void outputs(
            float[] y,
            float[] m,
            float[] bias,
            boolean keep,
            Window s,
            int top,
            int left,
            int n,
            int lanes,
            int strip,
            int firstOut,
            int endOut,
            int plane) {
        int down = s.outWidth() * s.batch();
        int high = Math.min(TILE, s.outHeight() - top), wide = Math.min(TILE, s.outWidth() - left);
        float[] half = Scratch.floats(3, POINTS * LANES);
        for (int o = firstOut; o < endOut; o++) {
            int to = (o * s.outPositions() + top * s.outWidth() + left) * s.batch() + n;
            float start = bias == null ? 0f : bias[o];
            for (int l = 0; l < lanes; l += LANES)
                Tiles.output(
                        y,
                        to + l,
                        down,
                        s.batch(),
                        high,
                        wide,
                        m,
                        (o - firstOut) * strip + l,
                        plane,
                        start,
                        keep,
                        S.indexInRange(l, lanes),
                        half);
        }
    }

    /** dw = Gᵀ · u · G for every kernel. */
    private static void back(float[] dw, int first, float[] u, int weights) {
        float[] half = Scratch.floats(3, POINTS * LANES);
        for (int e = 0; e < weights; e++) {
            for (int j = 0; j < 6; j++) {
                float a = u[j * weights + e], b = u[(6 + j) * weights + e], c = u[(12 + j) * weights + e];
                float d = u[(18 + j) * weights + e], f = u[(24 + j) * weights + e], g = u[(30 + j) * weights + e];
                half[j] = a / 4 - (b + c) / 6 + (d + f) / 24;
                half[6 + j] = (c - b) / 6 + (d - f) / 12;
                half[12 + j] = (d + f - b - c) / 6 + g;
            }
            for (int i = 0; i < 3; i++) {
                float a = half[i * 6], b = half[i * 6 + 1], c = half[i * 6 + 2];
                float d = half[i * 6 + 3], f = half[i * 6 + 4], g = half[i * 6 + 5];
                int to = first + e * 9 + i * 3;
                dw[to] = a / 4 - (b + c) / 6 + (d + f) / 24;
                dw[to + 1] = (c - b) / 6 + (d - f) / 12;
                dw[to + 2] = (d + f - b - c) / 6 + g;
            }
        }
    }
}
