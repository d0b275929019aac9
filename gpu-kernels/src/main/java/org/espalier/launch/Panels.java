package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Products of matrices by vectors: of eight rows and two vectors of columns at a time the sums stay in registers.
 * The second factor is first laid out in panels of so many columns, which are read from one end to the other; the first is read where
 * it lies. Measured on one core of a Zen 4, whose units reach 116 GFLOP/s, with factors that come from the third cache: products with
 * weights of 256 × 256 and 688 × 256 run at 92 to 105 where OpenBLAS has 84 to 97, gradients of such weights at 87 to 99 against 63 to 86.
 *
 * <p>Every entry of C is summed from k = 0 on, one number after the other: bits depend on no cut.
 */
final class Panels {
    /** Whether registers hold that many sums; otherwise one vector comes after the other. */
    static final boolean FIT = LENGTH >= 16;

    static final int ROWS = 8;
    static final int COLUMNS = 2 * LENGTH;

    /** Rows and columns of the second factor that are laid out at once: they stay in a core's second cache. */
    private static final int DEEP = 256;

    private static final int WIDE = 22 * COLUMNS;

    private static final float[] ZEROS = new float[COLUMNS];

    /** Multiplications of the smallest product that is worth laying out. */
    private static final long LEAST_WORK = 8_000_000;

    private Panels() {}

    /** Whether a product of these sizes is better done here than by OpenBLAS. */
    static boolean suit(int m, int n, int k) {
        return FIT && m >= ROWS && n >= LENGTH && (long) m * n * k >= LEAST_WORK;
    }

    /** What {@link Blas#product} computes; added to C if {@code keep}. */
    static void product(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float[] a,
            int aFirst,
            int aStride,
            float[] b,
            int bFirst,
            int bStride,
            boolean keep,
            float[] c,
            int cFirst,
            int cStride) {
        float[] panels = Scratch.floats(5, DEEP * Math.min(WIDE, whole(n)));
        int down = transposeA ? 1 : aStride, along = transposeA ? aStride : 1;
        for (int p = 0; p < k; p += DEEP) {
            int deep = Math.min(DEEP, k - p);
            for (int j = 0; j < n; j += WIDE) {
                int wide = Math.min(WIDE, n - j), corner = bFirst + (transposeB ? j * bStride + p : p * bStride + j);
                lay(panels, transposeB, wide, deep, b, corner, bStride);
                multiply(
                        m,
                        wide,
                        deep,
                        a,
                        aFirst + p * along,
                        down,
                        along,
                        panels,
                        0,
                        deep,
                        keep || p > 0,
                        c,
                        cFirst + j,
                        cStride);
            }
        }
    }

    /** Columns that panels have for {@code n}. */
    static int whole(int n) {
        return (n + COLUMNS - 1) / COLUMNS * COLUMNS;
    }

    /**
     * C = A · B, added to C if {@code keep}, with B in panels.
     *
     * @param down from one row of A to the next; {@code along} from one column to the next
     * @param at where the first of {@code k} rows of the first panel lies; each panel has {@code deep} rows
     */
    static void multiply(
            int m,
            int n,
            int k,
            float[] a,
            int aFirst,
            int down,
            int along,
            float[] panels,
            int at,
            int deep,
            boolean keep,
            float[] c,
            int cFirst,
            int cStride) {
        int i = 0;
        for (; i + ROWS <= m; i += ROWS)
            rows(
                    ROWS,
                    n,
                    k,
                    a,
                    aFirst + i * down,
                    down,
                    along,
                    panels,
                    at,
                    deep,
                    keep,
                    c,
                    cFirst + i * cStride,
                    cStride);
        if (i == m) return;
        float[] last = Scratch.floats(6, ROWS * k);
        for (int r = 0; r < m - i; r++)
            for (int p = 0; p < k; p++) last[p * ROWS + r] = a[aFirst + (i + r) * down + p * along];
        rows(m - i, n, k, last, 0, 1, ROWS, panels, at, deep, keep, c, cFirst + i * cStride, cStride);
    }

    /** The same for eight rows, of which {@code m} are wanted. */
    private static void rows(
            int m,
            int n,
            int k,
            float[] a,
            int aFirst,
            int down,
            int along,
            float[] panels,
            int at,
            int deep,
            boolean keep,
            float[] c,
            int cFirst,
            int cStride) {
        for (int j = 0; j < n; j += COLUMNS) {
            int to = cFirst + j, from = at + j * deep, columns = Math.min(COLUMNS, n - j);
            if (m == ROWS && columns == COLUMNS) {
                if (keep) both(c, to, cStride, c, to, cStride, a, aFirst, down, along, panels, from, k);
                else both(c, to, cStride, ZEROS, 0, 0, a, aFirst, down, along, panels, from, k);
            } else if (m == ROWS && columns == LENGTH) {
                if (keep) narrow(c, to, cStride, c, to, cStride, a, aFirst, down, along, panels, from, k);
                else narrow(c, to, cStride, ZEROS, 0, 0, a, aFirst, down, along, panels, from, k);
            } else {
                float[] edge = Scratch.floats(7, ROWS * COLUMNS);
                if (keep) move(edge, 0, COLUMNS, c, to, cStride, m, columns);
                else Arrays.fill(edge, 0, ROWS * COLUMNS, 0f);
                both(edge, 0, COLUMNS, edge, 0, COLUMNS, a, aFirst, down, along, panels, from, k);
                move(c, to, cStride, edge, 0, COLUMNS, m, columns);
            }
        }
    }

    private static void move(float[] y, int to, int yStride, float[] x, int from, int xStride, int rows, int columns) {
        for (int r = 0; r < rows; r++) System.arraycopy(x, from + r * xStride, y, to + r * yStride, columns);
    }

    /** Lays out {@code k} rows and {@code n} columns of B, or of Bᵀ; what is missing in the last panel is zero. */
    static void lay(float[] panels, boolean transposed, int n, int k, float[] b, int first, int stride) {
        int full = n / COLUMNS * COLUMNS;
        if (transposed)
            for (int j = 0; j < n; j += COLUMNS)
                layTurned(panels, j * k, Math.min(COLUMNS, n - j), k, b, first + j * stride, stride);
        else for (int p = 0; p < k; p++) layRow(panels, p * COLUMNS, k * COLUMNS, b, first + p * stride, full);
        if (transposed || full == n) return;
        for (int p = 0; p < k; p++)
            for (int l = 0; l < COLUMNS; l++)
                panels[full * k + p * COLUMNS + l] = full + l < n ? b[first + p * stride + full + l] : 0f;
    }

    private static void layRow(float[] panels, int to, int apart, float[] b, int from, int n) {
        for (int j = 0; j < n; j += COLUMNS, to += apart) {
            at(b, from + j).intoArray(panels, to);
            at(b, from + j + LENGTH).intoArray(panels, to + LENGTH);
        }
    }

    /** A panel of columns that lie in rows of Bᵀ. */
    private static void layTurned(float[] panels, int to, int columns, int k, float[] b, int first, int stride) {
        if (columns < COLUMNS) Arrays.fill(panels, to, to + k * COLUMNS, 0f);
        Turn.matrix(panels, to, COLUMNS, b, first, stride, columns, k, false, Turn.half());
    }

    /** Eight rows and two vectors of C, beginning with what lies in {@code start}. */
    private static void both(
            float[] c,
            int to,
            int cStride,
            float[] start,
            int sFirst,
            int sStride,
            float[] a,
            int aFirst,
            int down,
            int along,
            float[] b,
            int bFirst,
            int k) {
        if (FIT) {
            tile(c, to, cStride, start, sFirst, sStride, a, aFirst, down, along, b, bFirst, k);
            return;
        }
        narrow(c, to, cStride, start, sFirst, sStride, a, aFirst, down, along, b, bFirst, k);
        int next = LENGTH;
        narrow(c, to + next, cStride, start, sFirst + next, sStride, a, aFirst, down, along, b, bFirst + next, k);
    }

    private static void tile(
            float[] c,
            int to,
            int cStride,
            float[] start,
            int sFirst,
            int sStride,
            float[] a,
            int aFirst,
            int down,
            int along,
            float[] b,
            int bFirst,
            int k) {
        int r1 = sFirst + sStride, r2 = r1 + sStride, r3 = r2 + sStride, r4 = r3 + sStride, r5 = r4 + sStride;
        int r6 = r5 + sStride, r7 = r6 + sStride;
        FloatVector s0 = at(start, sFirst),
                t0 = at(start, sFirst + LENGTH),
                s1 = at(start, r1),
                t1 = at(start, r1 + LENGTH);
        FloatVector s2 = at(start, r2), t2 = at(start, r2 + LENGTH), s3 = at(start, r3), t3 = at(start, r3 + LENGTH);
        FloatVector s4 = at(start, r4), t4 = at(start, r4 + LENGTH), s5 = at(start, r5), t5 = at(start, r5 + LENGTH);
        FloatVector s6 = at(start, r6), t6 = at(start, r6 + LENGTH), s7 = at(start, r7), t7 = at(start, r7 + LENGTH);
        int a1 = aFirst + down, a2 = a1 + down, a3 = a2 + down, a4 = a3 + down, a5 = a4 + down, a6 = a5 + down;
        int a7 = a6 + down;
        for (int p = 0; p < k; p++) {
            int q = p * along;
            FloatVector x = at(b, bFirst + p * COLUMNS), y = at(b, bFirst + p * COLUMNS + LENGTH);
            FloatVector v = FloatVector.broadcast(S, a[aFirst + q]);
            s0 = v.fma(x, s0);
            t0 = v.fma(y, t0);
            v = FloatVector.broadcast(S, a[a1 + q]);
            s1 = v.fma(x, s1);
            t1 = v.fma(y, t1);
            v = FloatVector.broadcast(S, a[a2 + q]);
            s2 = v.fma(x, s2);
            t2 = v.fma(y, t2);
            v = FloatVector.broadcast(S, a[a3 + q]);
            s3 = v.fma(x, s3);
            t3 = v.fma(y, t3);
            v = FloatVector.broadcast(S, a[a4 + q]);
            s4 = v.fma(x, s4);
            t4 = v.fma(y, t4);
            v = FloatVector.broadcast(S, a[a5 + q]);
            s5 = v.fma(x, s5);
            t5 = v.fma(y, t5);
            v = FloatVector.broadcast(S, a[a6 + q]);
            s6 = v.fma(x, s6);
            t6 = v.fma(y, t6);
            v = FloatVector.broadcast(S, a[a7 + q]);
            s7 = v.fma(x, s7);
            t7 = v.fma(y, t7);
        }
        put(c, to, s0, t0);
        put(c, to + cStride, s1, t1);
        put(c, to + 2 * cStride, s2, t2);
        put(c, to + 3 * cStride, s3, t3);
        put(c, to + 4 * cStride, s4, t4);
        put(c, to + 5 * cStride, s5, t5);
        put(c, to + 6 * cStride, s6, t6);
        put(c, to + 7 * cStride, s7, t7);
    }

    /** The same for one vector. */
    private static void narrow(
            float[] c,
            int to,
            int cStride,
            float[] start,
            int sFirst,
            int sStride,
            float[] a,
            int aFirst,
            int down,
            int along,
            float[] b,
            int bFirst,
            int k) {
        FloatVector s0 = at(start, sFirst), s1 = at(start, sFirst + sStride), s2 = at(start, sFirst + 2 * sStride);
        FloatVector s3 = at(start, sFirst + 3 * sStride), s4 = at(start, sFirst + 4 * sStride);
        FloatVector s5 = at(start, sFirst + 5 * sStride), s6 = at(start, sFirst + 6 * sStride);
        FloatVector s7 = at(start, sFirst + 7 * sStride);
        for (int p = 0; p < k; p++) {
            int q = aFirst + p * along;
            FloatVector x = at(b, bFirst + p * COLUMNS);
            s0 = FloatVector.broadcast(S, a[q]).fma(x, s0);
            s1 = FloatVector.broadcast(S, a[q + down]).fma(x, s1);
            s2 = FloatVector.broadcast(S, a[q + 2 * down]).fma(x, s2);
            s3 = FloatVector.broadcast(S, a[q + 3 * down]).fma(x, s3);
            s4 = FloatVector.broadcast(S, a[q + 4 * down]).fma(x, s4);
            s5 = FloatVector.broadcast(S, a[q + 5 * down]).fma(x, s5);
            s6 = FloatVector.broadcast(S, a[q + 6 * down]).fma(x, s6);
            s7 = FloatVector.broadcast(S, a[q + 7 * down]).fma(x, s7);
        }
        s0.intoArray(c, to);
        s1.intoArray(c, to + cStride);
        s2.intoArray(c, to + 2 * cStride);
        s3.intoArray(c, to + 3 * cStride);
        s4.intoArray(c, to + 4 * cStride);
        s5.intoArray(c, to + 5 * cStride);
        s6.intoArray(c, to + 6 * cStride);
        s7.intoArray(c, to + 7 * cStride);
    }

    private static FloatVector at(float[] x, int i) {
        return FloatVector.fromArray(S, x, i);
    }

    private static void put(float[] c, int to, FloatVector s, FloatVector t) {
        s.intoArray(c, to);
        t.intoArray(c, to + LENGTH);
    }
}
