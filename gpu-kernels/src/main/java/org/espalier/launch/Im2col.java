package org.espalier.launch;

import java.util.Arrays;

/**
 * Convolutions as products: the entries under each window become a column, in the thread's scratch memory, a few hundred
 * columns at a time. A unit of a slice is one position of the plane that is written.
 */
final class Im2col {
    /** Columns gathered at once: a few hundred make the product efficient and stay in the second-level cache. */
    private static final int COLUMNS = 256;

    private Im2col() {}

    /** Positions of one slice. */
    static int grain(Window s) {
        return Math.max(1, COLUMNS / s.batch());
    }

    /** {@link org.espalier.kernels.Convolve#forward}. */
    static void forward(float[] y, float[] x, float[] w, float[] bias, Window s, int first, int count) {
        int stride = s.outPositions() * s.batch();
        blocks(s, first, count, (position, positions, lane, lanes) -> {
            int columns = positions * lanes;
            int at = position * s.batch() + lane;
            float[] gathered = Scratch.floats(0, s.fanIn() * columns);
            for (int r = 0; r < s.fanIn(); r++) row(gathered, r, x, s, position, positions, lane, lanes);
            for (int o = 0; o < s.outs(); o++) Arrays.fill(y, o * stride + at, o * stride + at + columns, bias[o]);
            Blas.product(
                    false, false, s.outs(), columns, s.fanIn(), w, 0, s.fanIn(), gathered, 0, columns, 1f, y, at,
                    stride);
        });
    }

    /** {@link org.espalier.kernels.Convolve#inputGrad}, from weights with channels before outs. */
    static void inputGrad(float[] dx, float[] dy, float[] turned, Window s, boolean keep, int first, int count) {
        int stride = s.inPositions() * s.batch();
        int rows = s.outs() * s.kernel() * s.kernel();
        blocks(s, first, count, (position, positions, lane, lanes) -> {
            int columns = positions * lanes;
            float[] gathered = Scratch.floats(0, rows * columns);
            for (int r = 0; r < rows; r++) gradRow(gathered, r, dy, s, position, positions, lane, lanes);
            Blas.product(
                    false,
                    false,
                    s.channels(),
                    columns,
                    rows,
                    turned,
                    0,
                    rows,
                    gathered,
                    0,
                    columns,
                    keep ? 1f : 0f,
                    dx,
                    position * s.batch() + lane,
                    stride);
        });
    }

    /** {@link org.espalier.kernels.Convolve#weightGrad}. */
    static void weightGrad(float[] parts, float[] dy, float[] x, Window s, int pieces, int first, int count) {
        int stride = s.outPositions() * s.batch();
        for (int piece = first; piece < first + count; piece++) {
            int part = piece * s.outs() * s.fanIn();
            int from = (int) ((long) piece * s.outPositions() / pieces);
            int to = (int) ((piece + 1L) * s.outPositions() / pieces);
            Arrays.fill(parts, part, part + s.outs() * s.fanIn(), 0f);
            blocks(s, from, to - from, (position, positions, lane, lanes) -> {
                int columns = positions * lanes;
                float[] gathered = Scratch.floats(0, s.fanIn() * columns);
                for (int r = 0; r < s.fanIn(); r++) row(gathered, r, x, s, position, positions, lane, lanes);
                Blas.product(
                        false,
                        true,
                        s.outs(),
                        s.fanIn(),
                        columns,
                        dy,
                        position * s.batch() + lane,
                        stride,
                        gathered,
                        0,
                        columns,
                        1f,
                        parts,
                        part,
                        s.fanIn());
            });
        }
    }

    private interface Block {
        void run(int position, int positions, int lane, int lanes);
    }

    /** Cuts positions × batch into blocks of about {@link #COLUMNS}: several positions, or a part of the batch of one. */
    private static void blocks(Window s, int first, int count, Block block) {
        int grain = grain(s);
        for (int p = first; p < first + count; p += grain) {
            int positions = Math.min(grain, first + count - p);
            if (positions > 1 || s.batch() <= 2 * COLUMNS) block.run(p, positions, 0, s.batch());
            else for (int n = 0; n < s.batch(); n += COLUMNS) block.run(p, 1, n, Math.min(COLUMNS, s.batch() - n));
        }
    }

    /** Row {@code r} (channel and kernel position) of the columns: what the windows of these outputs see there. */
    private static void row(float[] to, int r, float[] x, Window s, int position, int positions, int lane, int lanes) {
        int k = r % (s.kernel() * s.kernel());
        int channel = r / (s.kernel() * s.kernel()) * s.inPositions();
        int at = r * positions * lanes;
        for (int p = position; p < position + positions; p++, at += lanes) {
            int iy = p / s.outWidth() * s.stride() - s.padding() + k / s.kernel();
            int ix = p % s.outWidth() * s.stride() - s.padding() + k % s.kernel();
            if (iy < 0 || iy >= s.height() || ix < 0 || ix >= s.width()) Arrays.fill(to, at, at + lanes, 0f);
            else System.arraycopy(x, (channel + iy * s.width() + ix) * s.batch() + lane, to, at, lanes);
        }
    }

    /** Row {@code r} (output channel and kernel position) of the columns: the gradients that reach these inputs there. */
    private static void gradRow(
            float[] to, int r, float[] dy, Window s, int position, int positions, int lane, int lanes) {
        int k = r % (s.kernel() * s.kernel());
        int channel = r / (s.kernel() * s.kernel()) * s.outPositions();
        int at = r * positions * lanes;
        for (int p = position; p < position + positions; p++, at += lanes) {
            int down = p / s.width() + s.padding() - k / s.kernel();
            int right = p % s.width() + s.padding() - k % s.kernel();
            int oy = down / s.stride(), ox = right / s.stride();
            boolean seen = down >= 0
                    && right >= 0
                    && oy * s.stride() == down
                    && ox * s.stride() == right
                    && oy < s.outHeight()
                    && ox < s.outWidth();
            if (seen) System.arraycopy(dy, (channel + oy * s.outWidth() + ox) * s.batch() + lane, to, at, lanes);
            else Arrays.fill(to, at, at + lanes, 0f);
        }
    }
}
