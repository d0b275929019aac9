package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.espalier.kernels.OuterSums;

/**
 * Vector bodies of {@link OuterSums}: eight rows of C at a time stay in registers while U and Y go by. BLAS copies Y before it multiplies,
 * which so thin a product does not repay.
 */
public final class OuterSumsBodies {
    /** Rows of C at a time. */
    private static final int RANKS = 8;

    /** Rows of U and Y at a time: what is read of Y stays in the nearest cache for the next rows of C. */
    private static final int DEEP = 128;

    private OuterSumsBodies() {}

    /** {@link OuterSums#product}. */
    public static void product(
            float[] c, float[] u, float[] y, int n, int rank, int columns, int turned, int keep, int first, int count) {
        int end = first + count, wide = rank / RANKS * RANKS, column = first;
        float[] sums = new float[wide * 2 * LENGTH];
        for (; column + LENGTH <= end; ) {
            int width = column + 2 * LENGTH <= end ? 2 * LENGTH : LENGTH;
            Arrays.fill(sums, 0f);
            for (int r = 0; r < n; r += DEEP) {
                int rows = Math.min(DEEP, n - r);
                for (int k = 0; k < wide; k += RANKS)
                    if (width > LENGTH) two(sums, k * width, u, y, r, rows, rank, columns, k, column);
                    else one(sums, k * width, u, y, r, rows, rank, columns, k, column);
            }
            put(c, sums, wide, width, rank, columns, turned, keep, column);
            column += width;
        }
        rest(c, u, y, n, rank, columns, turned, keep, wide, first, column);
        rest(c, u, y, n, rank, columns, turned, keep, 0, column, end);
    }

    private static void two(
            float[] sums, int to, float[] u, float[] y, int first, int rows, int rank, int columns, int k, int column) {
        FloatVector a0 = FloatVector.fromArray(S, sums, to),
                a1 = FloatVector.fromArray(S, sums, to + 2 * LENGTH),
                a2 = FloatVector.fromArray(S, sums, to + 4 * LENGTH),
                a3 = FloatVector.fromArray(S, sums, to + 6 * LENGTH);
        FloatVector a4 = FloatVector.fromArray(S, sums, to + 8 * LENGTH),
                a5 = FloatVector.fromArray(S, sums, to + 10 * LENGTH),
                a6 = FloatVector.fromArray(S, sums, to + 12 * LENGTH),
                a7 = FloatVector.fromArray(S, sums, to + 14 * LENGTH);
        FloatVector b0 = FloatVector.fromArray(S, sums, to + LENGTH),
                b1 = FloatVector.fromArray(S, sums, to + 3 * LENGTH),
                b2 = FloatVector.fromArray(S, sums, to + 5 * LENGTH),
                b3 = FloatVector.fromArray(S, sums, to + 7 * LENGTH);
        FloatVector b4 = FloatVector.fromArray(S, sums, to + 9 * LENGTH),
                b5 = FloatVector.fromArray(S, sums, to + 11 * LENGTH),
                b6 = FloatVector.fromArray(S, sums, to + 13 * LENGTH),
                b7 = FloatVector.fromArray(S, sums, to + 15 * LENGTH);
        for (int r = first; r < first + rows; r++) {
            int at = r * rank + k, from = r * columns + column;
            FloatVector p = FloatVector.fromArray(S, y, from), q = FloatVector.fromArray(S, y, from + LENGTH);
            FloatVector v = FloatVector.broadcast(S, u[at]);
            a0 = p.fma(v, a0);
            b0 = q.fma(v, b0);
            v = FloatVector.broadcast(S, u[at + 1]);
            a1 = p.fma(v, a1);
            b1 = q.fma(v, b1);
            v = FloatVector.broadcast(S, u[at + 2]);
            a2 = p.fma(v, a2);
            b2 = q.fma(v, b2);
            v = FloatVector.broadcast(S, u[at + 3]);
            a3 = p.fma(v, a3);
            b3 = q.fma(v, b3);
            v = FloatVector.broadcast(S, u[at + 4]);
            a4 = p.fma(v, a4);
            b4 = q.fma(v, b4);
            v = FloatVector.broadcast(S, u[at + 5]);
            a5 = p.fma(v, a5);
            b5 = q.fma(v, b5);
            v = FloatVector.broadcast(S, u[at + 6]);
            a6 = p.fma(v, a6);
            b6 = q.fma(v, b6);
            v = FloatVector.broadcast(S, u[at + 7]);
            a7 = p.fma(v, a7);
            b7 = q.fma(v, b7);
        }
        a0.intoArray(sums, to);
        b0.intoArray(sums, to + LENGTH);
        a1.intoArray(sums, to + 2 * LENGTH);
        b1.intoArray(sums, to + 3 * LENGTH);
        a2.intoArray(sums, to + 4 * LENGTH);
        b2.intoArray(sums, to + 5 * LENGTH);
        a3.intoArray(sums, to + 6 * LENGTH);
        b3.intoArray(sums, to + 7 * LENGTH);
        a4.intoArray(sums, to + 8 * LENGTH);
        b4.intoArray(sums, to + 9 * LENGTH);
        a5.intoArray(sums, to + 10 * LENGTH);
        b5.intoArray(sums, to + 11 * LENGTH);
        a6.intoArray(sums, to + 12 * LENGTH);
        b6.intoArray(sums, to + 13 * LENGTH);
        a7.intoArray(sums, to + 14 * LENGTH);
        b7.intoArray(sums, to + 15 * LENGTH);
    }

    private static void one(
            float[] sums, int to, float[] u, float[] y, int first, int rows, int rank, int columns, int k, int column) {
        FloatVector a0 = FloatVector.fromArray(S, sums, to),
                a1 = FloatVector.fromArray(S, sums, to + LENGTH),
                a2 = FloatVector.fromArray(S, sums, to + 2 * LENGTH),
                a3 = FloatVector.fromArray(S, sums, to + 3 * LENGTH);
        FloatVector a4 = FloatVector.fromArray(S, sums, to + 4 * LENGTH),
                a5 = FloatVector.fromArray(S, sums, to + 5 * LENGTH),
                a6 = FloatVector.fromArray(S, sums, to + 6 * LENGTH),
                a7 = FloatVector.fromArray(S, sums, to + 7 * LENGTH);
        for (int r = first; r < first + rows; r++) {
            int at = r * rank + k;
            FloatVector p = FloatVector.fromArray(S, y, r * columns + column);
            a0 = p.fma(FloatVector.broadcast(S, u[at]), a0);
            a1 = p.fma(FloatVector.broadcast(S, u[at + 1]), a1);
            a2 = p.fma(FloatVector.broadcast(S, u[at + 2]), a2);
            a3 = p.fma(FloatVector.broadcast(S, u[at + 3]), a3);
            a4 = p.fma(FloatVector.broadcast(S, u[at + 4]), a4);
            a5 = p.fma(FloatVector.broadcast(S, u[at + 5]), a5);
            a6 = p.fma(FloatVector.broadcast(S, u[at + 6]), a6);
            a7 = p.fma(FloatVector.broadcast(S, u[at + 7]), a7);
        }
        a0.intoArray(sums, to);
        a1.intoArray(sums, to + LENGTH);
        a2.intoArray(sums, to + 2 * LENGTH);
        a3.intoArray(sums, to + 3 * LENGTH);
        a4.intoArray(sums, to + 4 * LENGTH);
        a5.intoArray(sums, to + 5 * LENGTH);
        a6.intoArray(sums, to + 6 * LENGTH);
        a7.intoArray(sums, to + 7 * LENGTH);
    }

    private static void put(
            float[] c, float[] sums, int ranks, int width, int rank, int columns, int turned, int keep, int column) {
        for (int i = 0; i < ranks; i++)
            for (int j = 0; j < width; j++) {
                int e = turned == 1 ? (column + j) * rank + i : i * columns + column + j;
                c[e] = (keep == 1 ? c[e] : 0f) + sums[i * width + j];
            }
    }

    /** Ranks from {@code fromRank} on, of the columns from {@code first} to {@code end}, one by one. */
    private static void rest(
            float[] c,
            float[] u,
            float[] y,
            int n,
            int rank,
            int columns,
            int turned,
            int keep,
            int fromRank,
            int first,
            int end) {
        for (int k = fromRank; k < rank; k++)
            for (int column = first; column < end; column++) {
                float sum = 0f;
                for (int r = 0; r < n; r++) sum += u[r * rank + k] * y[r * columns + column];
                int e = turned == 1 ? column * rank + k : k * columns + column;
                c[e] = (keep == 1 ? c[e] : 0f) + sum;
            }
    }
}
