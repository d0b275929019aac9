package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;
import static org.espalier.launch.Lanes.SWAP_1;
import static org.espalier.launch.Lanes.SWAP_2;
import static org.espalier.launch.Lanes.SWAP_4;
import static org.espalier.launch.Lanes.SWAP_8;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Transposes matrices, square by square of as many rows as a vector has lanes: rows swap lanes that are 1, 2, 4 and 8 apart. Takes half
 * a clock for a number, where reading columns one number at a time takes two and more.
 *
 * <p>Vectors go through no helpers of this class: in methods as long as these compilers stop inlining, and would make objects of them.
 */
final class Turn {
    private static final VectorMask<Float> ODD_1 = odd(1);
    private static final VectorMask<Float> ODD_2 = odd(2);
    private static final VectorMask<Float> ODD_4 = odd(4);
    private static final VectorMask<Float> ODD_8 = odd(8);

    private Turn() {}

    /** Working memory for transpositions on this thread. */
    static float[] half() {
        return Scratch.floats(8, LENGTH * LENGTH);
    }

    /** Lanes that swap downwards. */
    private static VectorMask<Float> odd(int distance) {
        long lanes = 0;
        for (int lane = 0; lane < LENGTH; lane++) if ((lane & distance) != 0) lanes |= 1L << lane;
        return VectorMask.fromLong(S, lanes);
    }

    /**
     * y (columns, rows) = xᵀ of x (rows, columns), added to y if {@code keep}.
     *
     * @param half {@link #half}
     */
    static void matrix(
            float[] y,
            int to,
            int toStride,
            float[] x,
            int from,
            int fromStride,
            int rows,
            int columns,
            boolean keep,
            float[] half) {
        for (int r = 0; r < rows; r += LENGTH) {
            int high = Math.min(LENGTH, rows - r);
            for (int c = 0; c < columns; c += LENGTH) {
                int wide = Math.min(LENGTH, columns - c), at = from + r * fromStride + c, into = to + c * toStride + r;
                if (keep || high < LENGTH || wide < LENGTH)
                    edge(y, into, toStride, x, at, fromStride, high, wide, keep, half);
                else square(y, into, toStride, x, at, fromStride, high, wide, half);
            }
        }
    }

    /**
     * The same for at most as many rows and columns as a vector has lanes. Whole vectors are read of x and written to y: what lies there
     * beyond {@code rows} is overwritten.
     */
    static void square(
            float[] y, int to, int toStride, float[] x, int from, int fromStride, int rows, int columns, float[] half) {
        for (int r = 0; r < LENGTH; r += 4) near(half, r * LENGTH, x, from, fromStride, r, rows - 1);
        far(y, to, toStride, columns, half);
    }

    /** A square of which only {@code rows} and {@code columns} are there. */
    private static void edge(
            float[] y,
            int to,
            int toStride,
            float[] x,
            int from,
            int fromStride,
            int rows,
            int columns,
            boolean keep,
            float[] half) {
        VectorMask<Float> there = S.indexInRange(0, columns), wanted = S.indexInRange(0, rows);
        for (int r = 0; r < LENGTH; r++) {
            FloatVector row =
                    r < rows ? FloatVector.fromArray(S, x, from + r * fromStride, there) : FloatVector.zero(S);
            row.intoArray(half, r * LENGTH);
        }
        for (int r = 0; r < LENGTH; r += 4) near(half, r * LENGTH, half, 0, LENGTH, r, LENGTH - 1);
        far(half, 0, LENGTH, LENGTH, half);
        for (int c = 0; c < columns; c++) {
            FloatVector row = FloatVector.fromArray(S, half, c * LENGTH);
            int into = to + c * toStride;
            if (keep) row = row.add(FloatVector.fromArray(S, y, into, wanted));
            row.intoArray(y, into, wanted);
        }
    }

    /** Row {@code r} and three more swap lanes that are 1 and 2 apart; for those beyond the last one it is taken again. */
    private static void near(float[] half, int to, float[] x, int from, int stride, int r, int last) {
        FloatVector r0 = FloatVector.fromArray(S, x, from + Math.min(r, last) * stride),
                r1 = FloatVector.fromArray(S, x, from + Math.min(r + 1, last) * stride);
        FloatVector r2 = FloatVector.fromArray(S, x, from + Math.min(r + 2, last) * stride),
                r3 = FloatVector.fromArray(S, x, from + Math.min(r + 3, last) * stride);
        FloatVector s0 = r0.blend(r1.rearrange(SWAP_1), ODD_1),
                s1 = r0.rearrange(SWAP_1).blend(r1, ODD_1);
        FloatVector s2 = r2.blend(r3.rearrange(SWAP_1), ODD_1),
                s3 = r2.rearrange(SWAP_1).blend(r3, ODD_1);
        s0.blend(s2.rearrange(SWAP_2), ODD_2).intoArray(half, to);
        s1.blend(s3.rearrange(SWAP_2), ODD_2).intoArray(half, to + LENGTH);
        s0.rearrange(SWAP_2).blend(s2, ODD_2).intoArray(half, to + 2 * LENGTH);
        s1.rearrange(SWAP_2).blend(s3, ODD_2).intoArray(half, to + 3 * LENGTH);
    }

    /** Rows that are 4 and 8 apart swap lanes that are. */
    private static void far(float[] y, int to, int stride, int rows, float[] half) {
        for (int r = 0; r < 4; r++) {
            int row = to + r * stride;
            FloatVector r0 = FloatVector.fromArray(S, half, r * LENGTH);
            if (LENGTH < 8) {
                if (r < rows) r0.intoArray(y, row);
                continue;
            }
            FloatVector r1 = FloatVector.fromArray(S, half, (r + 4) * LENGTH);
            FloatVector s0 = r0.blend(r1.rearrange(SWAP_4), ODD_4),
                    s1 = r0.rearrange(SWAP_4).blend(r1, ODD_4);
            if (LENGTH < 16) {
                if (r < rows) s0.intoArray(y, row);
                if (r + 4 < rows) s1.intoArray(y, row + 4 * stride);
                continue;
            }
            FloatVector r2 = FloatVector.fromArray(S, half, (r + 8) * LENGTH);
            FloatVector r3 = FloatVector.fromArray(S, half, (r + 12) * LENGTH);
            FloatVector s2 = r2.blend(r3.rearrange(SWAP_4), ODD_4),
                    s3 = r2.rearrange(SWAP_4).blend(r3, ODD_4);
            if (r < rows) s0.blend(s2.rearrange(SWAP_8), ODD_8).intoArray(y, row);
            if (r + 4 < rows) s1.blend(s3.rearrange(SWAP_8), ODD_8).intoArray(y, row + 4 * stride);
            if (r + 8 < rows) s0.rearrange(SWAP_8).blend(s2, ODD_8).intoArray(y, row + 8 * stride);
            if (r + 12 < rows) s1.rearrange(SWAP_8).blend(s3, ODD_8).intoArray(y, row + 12 * stride);
        }
    }
}
