package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Vector bodies of {@link org.espalier.kernels.CompressedRows}: four registers hold one strip of the batch while the
 * surviving entries of a row stream by. Sums run in the kernel's order per element, so bits do not depend on the cut.
 */
public final class SparseBodies {
    /** Examples that four registers hold. */
    private static final int STRIP = 4 * LENGTH;

    private SparseBodies() {}

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
            for (; b + STRIP <= batch; b += STRIP) strip(y, values, start, other, entry, x, bias, keep, batch, r, b);
            for (; b + LENGTH <= batch; b += LENGTH) vector(y, values, start, other, entry, x, bias, keep, batch, r, b);
            if (b < batch) rest(y, values, start, other, entry, x, bias, keep, batch, r, b);
        }
    }

    private static FloatVector before(float[] y, float[] bias, boolean keep, int batch, int r, int b) {
        if (bias != null) return FloatVector.broadcast(S, bias[r]);
        return keep ? FloatVector.fromArray(S, y, r * batch + b) : FloatVector.zero(S);
    }

    private static void strip(
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

    private static void vector(
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

    /** The batch's last examples, too few for a vector. */
    private static void rest(
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
        VectorMask<Float> rest = S.indexInRange(0, batch - b);
        FloatVector sum = bias != null
                ? FloatVector.broadcast(S, bias[r])
                : keep ? FloatVector.fromArray(S, y, r * batch + b, rest) : FloatVector.zero(S);
        for (int k = start[r]; k < start[r + 1]; k++)
            sum = FloatVector.broadcast(S, values[entry == null ? k : entry[k]])
                    .fma(FloatVector.fromArray(S, x, other[k] * batch + b, rest), sum);
        sum.intoArray(y, r * batch + b, rest);
    }

    /**
     * {@link org.espalier.kernels.CompressedRows#valueGrad}: a strip of a row of dy stays in four registers while the row's
     * entries stream by.
     */
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
            boolean more = keep == 1;
            int b = 0;
            for (; b + STRIP <= batch; b += STRIP, more = true)
                valueStrip(dvalues, start[r], start[r + 1], column, dy, x, batch, more, r, b);
            for (; b < batch; b += LENGTH, more = true)
                valueRest(dvalues, start[r], start[r + 1], column, dy, x, batch, more, r, b);
        }
    }

    private static void valueStrip(
            float[] dvalues,
            int k,
            int end,
            int[] column,
            float[] dy,
            float[] x,
            int batch,
            boolean more,
            int r,
            int b) {
        int row = r * batch + b;
        FloatVector d0 = FloatVector.fromArray(S, dy, row);
        FloatVector d1 = FloatVector.fromArray(S, dy, row + LENGTH);
        FloatVector d2 = FloatVector.fromArray(S, dy, row + 2 * LENGTH);
        FloatVector d3 = FloatVector.fromArray(S, dy, row + 3 * LENGTH);
        for (; k < end; k++) {
            float sum = Lanes.sum(dot(d0, d1, d2, d3, x, column[k] * batch + b));
            dvalues[k] = more ? dvalues[k] + sum : sum;
        }
    }

    private static FloatVector dot(FloatVector d0, FloatVector d1, FloatVector d2, FloatVector d3, float[] x, int at) {
        FloatVector low = d0.mul(FloatVector.fromArray(S, x, at));
        FloatVector high = d1.mul(FloatVector.fromArray(S, x, at + LENGTH));
        low = d2.fma(FloatVector.fromArray(S, x, at + 2 * LENGTH), low);
        high = d3.fma(FloatVector.fromArray(S, x, at + 3 * LENGTH), high);
        return low.add(high);
    }

    private static void valueRest(
            float[] dvalues,
            int k,
            int end,
            int[] column,
            float[] dy,
            float[] x,
            int batch,
            boolean more,
            int r,
            int b) {
        VectorMask<Float> rest = S.indexInRange(0, Math.min(LENGTH, batch - b));
        FloatVector d = FloatVector.fromArray(S, dy, r * batch + b, rest);
        for (; k < end; k++) {
            float sum = Lanes.sum(d.mul(FloatVector.fromArray(S, x, column[k] * batch + b, rest)));
            dvalues[k] = more ? dvalues[k] + sum : sum;
        }
    }
}
