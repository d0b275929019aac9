package org.espalier.launch;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vector bodies of {@link org.espalier.kernels.CompressedRows}: four registers hold one strip of the batch while the
 * surviving entries of a row stream by. Sums run in the kernel's order per element, so bits do not depend on the cut.
 */
public final class SparseBodies {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private SparseBodies() {}

    /** One body for y = W·x + bias and dx = Wᵀ·dy: {@code entry} maps position to value, or is null for the identity. */
    private static void strips(
            float[] y, float[] values, int[] start, int[] other, int[] entry, float[] x, float[] bias, boolean keep,
            int batch, int first, int count) {
        for (int r = first; r < first + count; r++) {
            int b = 0;
            for (; b + 4 * LANES <= batch; b += 4 * LANES) four(y, values, start, other, entry, x, bias, keep, batch, r, b);
            for (; b + LANES <= batch; b += LANES) one(y, values, start, other, entry, x, bias, keep, batch, r, b);
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
            float[] y, float[] values, int[] start, int[] other, int[] entry, float[] x, float[] bias, boolean keep,
            int batch, int r, int b) {
        FloatVector s0 = before(y, bias, keep, batch, r, b);
        FloatVector s1 = before(y, bias, keep, batch, r, b + LANES);
        FloatVector s2 = before(y, bias, keep, batch, r, b + 2 * LANES);
        FloatVector s3 = before(y, bias, keep, batch, r, b + 3 * LANES);
        int end = start[r + 1];
        for (int k = start[r]; k < end; k++) {
            FloatVector v = FloatVector.broadcast(S, values[entry == null ? k : entry[k]]);
            int at = other[k] * batch + b;
            s0 = v.fma(FloatVector.fromArray(S, x, at), s0);
            s1 = v.fma(FloatVector.fromArray(S, x, at + LANES), s1);
            s2 = v.fma(FloatVector.fromArray(S, x, at + 2 * LANES), s2);
            s3 = v.fma(FloatVector.fromArray(S, x, at + 3 * LANES), s3);
        }
        int out = r * batch + b;
        s0.intoArray(y, out);
        s1.intoArray(y, out + LANES);
        s2.intoArray(y, out + 2 * LANES);
        s3.intoArray(y, out + 3 * LANES);
    }

    private static void one(
            float[] y, float[] values, int[] start, int[] other, int[] entry, float[] x, float[] bias, boolean keep,
            int batch, int r, int b) {
        FloatVector sum = before(y, bias, keep, batch, r, b);
        for (int k = start[r]; k < start[r + 1]; k++)
            sum = FloatVector.broadcast(S, values[entry == null ? k : entry[k]])
                    .fma(FloatVector.fromArray(S, x, other[k] * batch + b), sum);
        sum.intoArray(y, r * batch + b);
    }

    /** {@link org.espalier.kernels.CompressedRows#forward}. */
    public static void forward(
            float[] y, float[] values, int[] start, int[] column, float[] x, float[] bias, int batch,
            int first, int count) {
        strips(y, values, start, column, null, x, bias, false, batch, first, count);
    }

    /** {@link org.espalier.kernels.CompressedRows#inputGrad}. */
    public static void inputGrad(
            float[] dx, float[] values, int[] columnStart, int[] row, int[] entry, float[] dy, int batch, int keep,
            int first, int count) {
        strips(dx, values, columnStart, row, entry, dy, null, keep == 1, batch, first, count);
    }

    /** {@link org.espalier.kernels.CompressedRows#valueGrad}. */
    public static void valueGrad(
            float[] dvalues, int[] start, int[] column, float[] dy, float[] x, int batch, int keep,
            int first, int count) {
        for (int r = first; r < first + count; r++) {
            int row = r * batch;
            int end = start[r + 1];
            for (int k = start[r]; k < end; k++) {
                float dot = dot(dy, row, x, column[k] * batch, batch);
                dvalues[k] = keep == 1 ? dvalues[k] + dot : dot;
            }
        }
    }

    /** The inner product of two strips of {@code length} floats. */
    static float dot(float[] a, int aFirst, float[] b, int bFirst, int length) {
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = FloatVector.zero(S);
        int i = 0;
        for (; i + 2 * LANES <= length; i += 2 * LANES) {
            s0 = FloatVector.fromArray(S, a, aFirst + i).fma(FloatVector.fromArray(S, b, bFirst + i), s0);
            s1 = FloatVector.fromArray(S, a, aFirst + i + LANES)
                    .fma(FloatVector.fromArray(S, b, bFirst + i + LANES), s1);
        }
        for (; i + LANES <= length; i += LANES)
            s0 = FloatVector.fromArray(S, a, aFirst + i).fma(FloatVector.fromArray(S, b, bFirst + i), s0);
        float sum = s0.add(s1).reduceLanes(VectorOperators.ADD);
        for (; i < length; i++) sum = Math.fma(a[aFirst + i], b[bFirst + i], sum);
        return sum;
    }
}
