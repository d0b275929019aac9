package org.espalier.launch;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Vector bodies of {@link org.espalier.kernels.Pool}, with the batch in the lanes; they give the kernels' bits. */
public final class PoolBodies {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, S.vectorShape());
    private static final int LANES = S.length();

    private PoolBodies() {}

    /** {@link org.espalier.kernels.Pool#max}. */
    public static void max(float[] y, int[] where, float[] x, Window s, int first, int count) {
        for (int row = first; row < first + count; row++) {
            int plane = row / s.outHeight() * s.inPositions();
            int top = row % s.outHeight() * s.stride() - s.padding();
            for (int ox = 0; ox < s.outWidth(); ox++)
                for (int n = 0; n < s.batch(); n += LANES)
                    window(y, where, x, s, plane, top, ox * s.stride() - s.padding(), row * s.outWidth() + ox, n);
        }
    }

    private static void window(
            float[] y, int[] where, float[] x, Window s, int plane, int top, int left, int position, int n) {
        VectorMask<Float> inside = S.indexInRange(n, s.batch());
        FloatVector best = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        IntVector at = IntVector.broadcast(I, -1);
        for (int iy = Math.max(top, 0); iy < Math.min(top + s.kernel(), s.height()); iy++) {
            for (int ix = Math.max(left, 0); ix < Math.min(left + s.kernel(), s.width()); ix++) {
                int from = (plane + iy * s.width() + ix) * s.batch() + n;
                FloatVector value = FloatVector.fromArray(S, x, from, inside);
                VectorMask<Float> larger = value.compare(VectorOperators.GT, best)
                        .or(at.compare(VectorOperators.LT, 0).cast(S));
                best = best.blend(value, larger);
                at = at.blend(iy * s.width() + ix, larger.cast(I));
            }
        }
        best.intoArray(y, position * s.batch() + n, inside);
        at.intoArray(where, position * s.batch() + n, inside.cast(I));
    }

    /** {@link org.espalier.kernels.Pool#maxGrad}. */
    public static void maxGrad(float[] dx, float[] dy, int[] where, Window s, boolean keep, int first, int count) {
        for (int row = first; row < first + count; row++) {
            if (disjoint(s)) {
                if (!keep)
                    java.util.Arrays.fill(dx, row * s.width() * s.batch(), (row + 1) * s.width() * s.batch(), 0f);
                if (row % s.height() < s.outHeight() * s.kernel()) spreadRow(dx, dy, where, s, row);
                continue;
            }
            int outPlane = row / s.height() * s.outPositions();
            for (int ix = 0; ix < s.width(); ix++)
                for (int n = 0; n < s.batch(); n += LANES)
                    spread(dx, dy, where, s, outPlane, row % s.height(), ix, row * s.width() + ix, keep, n);
        }
    }

    /** Windows that neither overlap nor leave gaps: each input has one output at most. */
    private static boolean disjoint(Window s) {
        return s.kernel() == s.stride() && s.padding() == 0;
    }

    /** Adds the gradients to a row of inputs that windows cover, each output's loaded once for all its columns. */
    private static void spreadRow(float[] dx, float[] dy, int[] where, Window s, int row) {
        int iy = row % s.height();
        int out = (row / s.height() * s.outHeight() + iy / s.kernel()) * s.outWidth();
        for (int ox = 0; ox < s.outWidth(); ox++) {
            for (int n = 0; n < s.batch(); n += LANES) {
                VectorMask<Float> inside = S.indexInRange(n, s.batch());
                FloatVector gradient = FloatVector.fromArray(S, dy, (out + ox) * s.batch() + n, inside);
                IntVector at = IntVector.fromArray(I, where, (out + ox) * s.batch() + n, inside.cast(I));
                for (int k = 0; k < s.kernel(); k++) {
                    int ix = ox * s.kernel() + k;
                    int to = (row * s.width() + ix) * s.batch() + n;
                    VectorMask<Float> here = at.compare(VectorOperators.EQ, iy * s.width() + ix)
                            .cast(S)
                            .and(inside);
                    FloatVector.fromArray(S, dx, to, inside).add(gradient, here).intoArray(dx, to, inside);
                }
            }
        }
    }

    private static void spread(
            float[] dx,
            float[] dy,
            int[] where,
            Window s,
            int outPlane,
            int iy,
            int ix,
            int position,
            boolean keep,
            int n) {
        VectorMask<Float> inside = S.indexInRange(n, s.batch());
        int to = position * s.batch() + n;
        FloatVector sum = keep ? FloatVector.fromArray(S, dx, to, inside) : FloatVector.zero(S);
        for (int oy = lastWindow(iy, s, s.outHeight()); oy >= firstWindow(iy, s); oy--) {
            for (int ox = lastWindow(ix, s, s.outWidth()); ox >= firstWindow(ix, s); ox--) {
                int from = (outPlane + oy * s.outWidth() + ox) * s.batch() + n;
                VectorMask<Float> here = IntVector.fromArray(I, where, from, inside.cast(I))
                        .compare(VectorOperators.EQ, iy * s.width() + ix)
                        .cast(S)
                        .and(inside);
                sum = sum.add(FloatVector.fromArray(S, dy, from, here), here);
            }
        }
        sum.intoArray(dx, to, inside);
    }

    /** The first window along a side that covers entry {@code i}. */
    private static int firstWindow(int i, Window s) {
        int before = i + s.padding() - s.kernel() + 1;
        return before <= 0 ? 0 : (before + s.stride() - 1) / s.stride();
    }

    /** The last window along a side that covers entry {@code i}; before the first if none does. */
    private static int lastWindow(int i, Window s, int windows) {
        return Math.min((i + s.padding()) / s.stride(), windows - 1);
    }

    /** {@link org.espalier.kernels.Pool#mean}. */
    public static void mean(float[] y, float[] x, int batch, int positions, int first, int count) {
        for (int c = first; c < first + count; c++) {
            for (int n = 0; n < batch; n += LANES) {
                VectorMask<Float> inside = S.indexInRange(n, batch);
                FloatVector sum = FloatVector.zero(S);
                for (int p = 0; p < positions; p++)
                    sum = sum.add(FloatVector.fromArray(S, x, (c * positions + p) * batch + n, inside));
                sum.div(positions).intoArray(y, c * batch + n, inside);
            }
        }
    }
}
