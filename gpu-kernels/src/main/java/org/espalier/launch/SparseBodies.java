package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;

/**
 * Vector bodies of {@link org.espalier.kernels.CompressedRows}: four registers hold one strip of the batch while the
 * surviving entries of a row stream by. Sums run in the kernel's order per element, so bits do not depend on the cut.
 */
public final class SparseBodies {
    private SparseBodies() {}

    /** One body for y = W·x + bias and dx = Wᵀ·dy: {@code entry} maps position to value, or is null for the identity. */
    private static void strips(
            float[] y,
            float[] values,
            int[] start,
            int[] other,
            int[] entry,
            float[] x,
            float[] bias,
            boolean keep,
            int batch,
            int first,
            int count) {
        for (int r = first; r < first + count; r++) {
            int b = 0;
            for (; b + 4 * LENGTH <= batch; b += 4 * LENGTH)
                four(y, values, start, other, entry, x, bias, keep, batch, r, b);
            for (; b + LENGTH <= batch; b += LENGTH) one(y, values, start, other, entry, x, bias, keep, batch, r, b);
            for (; b < batch; b++) {
                float sum = bias != null ? bias[r] : keep ? y[r * batch + b] : 0f;
                for (int k = start[r]; k < start[r + 1]; k++)
                    sum = Math.fma(values[entry == null ? k : entry[k]], x[other[k] * batch + b], sum);
                y[r * batch + b] = sum;
            }
        }
    }

    private static FloatVector before(float[] y, float[] bias, boolean keep, int batch, int r, int b) {
        if (bias != null) return FloatVector.broadcast(S, bias[r]);
        return keep ? FloatVector.fromArray(S, y, r * batch + b) : FloatVector.zero(S);
    }

    private static void four(
            float[] y,
            float[] values,
            int[] start,
            int[] other,
            int[] entry,
            float[] x,
            float[] bias,
            boolean keep,
            int batch,
            int r,
            int b) {
        FloatVector s0 = before(y, bias, keep, batch, r, b);
        FloatVector s1 = before(y, bias, keep, batch, r, b + LENGTH);
        FloatVector s2 = before(y, bias, keep, batch, r, b + 2 * LENGTH);
        FloatVector s3 = before(y, bias, keep, batch, r, b + 3 * LENGTH);
        int end = start[r + 1];
        for (int k = start[r]; k < end; k++) {
            FloatVector v = FloatVector.broadcast(S, values[entry == null ? k : entry[k]]);
            int at = other[k] * batch + b;
            s0 = v.fma(FloatVector.fromArray(S, x, at), s0);
            s1 = v.fma(FloatVector.fromArray(S, x, at + LENGTH), s1);
            s2 = v.fma(FloatVector.fromArray(S, x, at + 2 * LENGTH), s2);
            s3 = v.fma(FloatVector.fromArray(S, x, at + 3 * LENGTH), s3);
        }
        int out = r * batch + b;
        s0.intoArray(y, out);
        s1.intoArray(y, out + LENGTH);
        s2.intoArray(y, out + 2 * LENGTH);
        s3.intoArray(y, out + 3 * LENGTH);
    }

    private static void one(
            float[] y,
            float[] values,
            int[] start,
            int[] other,
            int[] entry,
            float[] x,
            float[] bias,
            boolean keep,
            int batch,
            int r,
            int b) {
        FloatVector sum = before(y, bias, keep, batch, r, b);
        for (int k = start[r]; k < start[r + 1]; k++)
            sum = FloatVector.broadcast(S, values[entry == null ? k : entry[k]])
                    .fma(FloatVector.fromArray(S, x, other[k] * batch + b), sum);
        sum.intoArray(y, r * batch + b);
    }

    /** {@link org.espalier.kernels.CompressedRows#forward}. */
    public static void forward(
            float[] y,
            float[] values,
            int[] start,
            int[] column,
            float[] x,
            float[] bias,
            int batch,
            int first,
            int count) {
        strips(y, values, start, column, null, x, bias, false, batch, first, count);
    }

    /** {@link org.espalier.kernels.CompressedRows#inputGrad}. */
    public static void inputGrad(
            float[] dx,
            float[] values,
            int[] columnStart,
            int[] row,
            int[] entry,
            float[] dy,
            int batch,
            int keep,
            int first,
            int count) {
        strips(dx, values, columnStart, row, entry, dy, null, keep == 1, batch, first, count);
    }

    /** {@link org.espalier.kernels.CompressedRows#valueGrad}: four entries of a row at a time, to sum their lanes together. */
    public static void valueGrad(
            float[] dvalues,
            int[] start,
            int[] column,
            float[] dy,
            float[] x,
            int batch,
            int keep,
            int first,
            int count) {
        for (int r = first; r < first + count; r++) {
            int row = r * batch, k = start[r], end = start[r + 1];
            if (Lanes.canSumFour() && batch % LENGTH == 0)
                for (; k + 4 <= end; k += 4) four(dvalues, column, dy, x, batch, keep == 1, row, k);
            for (; k < end; k++) {
                float dot = dot(dy, row, x, column[k] * batch, batch);
                dvalues[k] = keep == 1 ? dvalues[k] + dot : dot;
            }
        }
    }

    private static void four(
            float[] dvalues, int[] column, float[] dy, float[] x, int batch, boolean keep, int row, int k) {
        int c0 = column[k] * batch, c1 = column[k + 1] * batch, c2 = column[k + 2] * batch, c3 = column[k + 3] * batch;
        FloatVector s0 = FloatVector.zero(S), s1 = s0, s2 = s0, s3 = s0;
        for (int b = 0; b < batch; b += LENGTH) {
            FloatVector d = FloatVector.fromArray(S, dy, row + b);
            s0 = d.fma(FloatVector.fromArray(S, x, c0 + b), s0);
            s1 = d.fma(FloatVector.fromArray(S, x, c1 + b), s1);
            s2 = d.fma(FloatVector.fromArray(S, x, c2 + b), s2);
            s3 = d.fma(FloatVector.fromArray(S, x, c3 + b), s3);
        }
        Lanes.storeFour(Lanes.sums(s0, s1, s2, s3), dvalues, k, keep);
    }

    /** The inner product of two strips of {@code length} floats. */
    private static float dot(float[] a, int aFirst, float[] b, int bFirst, int length) {
        FloatVector lanes = FloatVector.zero(S);
        int i = 0;
        for (; i + LENGTH <= length; i += LENGTH)
            lanes = FloatVector.fromArray(S, a, aFirst + i).fma(FloatVector.fromArray(S, b, bFirst + i), lanes);
        float sum = Lanes.sum(lanes);
        for (; i < length; i++) sum = Math.fma(a[aFirst + i], b[bFirst + i], sum);
        return sum;
    }
}
