package org.espalier.launch;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of F(4×4, 3×3) on one vector of examples: columns first, into {@code half}, then rows. Positions of a tile lie
 * {@code down} and {@code right} floats apart, points of a transformed tile {@code plane} floats.
 */
final class Tiles {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private Tiles() {}

    private static FloatVector at(float[] x, int i) {
        return FloatVector.fromArray(S, x, i);
    }

    /** v = Bᵀ · x · B. */
    static void input(float[] v, int to, int plane, float[] x, int from, int down, int right, float[] half) {
        for (int j = 0; j < 6; j++) input(half, j * LANES, 6 * LANES, x, from + j * right, down);
        for (int i = 0; i < 6; i++) input(v, to + i * 6 * plane, plane, half, i * 6 * LANES, LANES);
    }

    private static void input(float[] v, int to, int apart, float[] x, int from, int step) {
        FloatVector d1 = at(x, from + step), d2 = at(x, from + 2 * step), d3 = at(x, from + 3 * step);
        FloatVector d4 = at(x, from + 4 * step);
        FloatVector four = FloatVector.broadcast(S, -4f), five = FloatVector.broadcast(S, -5f);
        d2.fma(five, at(x, from).mul(4f)).add(d4).intoArray(v, to);
        FloatVector even = d2.fma(four, d4), odd = d1.fma(four, d3);
        even.add(odd).intoArray(v, to + apart);
        even.sub(odd).intoArray(v, to + 2 * apart);
        even = d4.sub(d2);
        odd = d3.sub(d1);
        odd = odd.add(odd);
        even.add(odd).intoArray(v, to + 3 * apart);
        even.sub(odd).intoArray(v, to + 4 * apart);
        d3.fma(five, d1.mul(4f)).add(at(x, from + 5 * step)).intoArray(v, to + 5 * apart);
    }

    /** m = A · x · Aᵀ; lanes outside the mask count as zero. */
    static void gradient(
            float[] m,
            int to,
            int plane,
            float[] x,
            int from,
            int down,
            int right,
            VectorMask<Float> mask,
            float[] half) {
        for (int j = 0; j < 4; j++) {
            int column = from + j * right;
            gradient(
                    half,
                    j * LANES,
                    4 * LANES,
                    FloatVector.fromArray(S, x, column, mask),
                    FloatVector.fromArray(S, x, column + down, mask),
                    FloatVector.fromArray(S, x, column + 2 * down, mask),
                    FloatVector.fromArray(S, x, column + 3 * down, mask));
        }
        for (int i = 0; i < 6; i++) {
            int row = i * 4 * LANES;
            gradient(
                    m,
                    to + i * 6 * plane,
                    plane,
                    at(half, row),
                    at(half, row + LANES),
                    at(half, row + 2 * LANES),
                    at(half, row + 3 * LANES));
        }
    }

    private static void gradient(
            float[] m, int to, int apart, FloatVector d0, FloatVector d1, FloatVector d2, FloatVector d3) {
        d0.intoArray(m, to);
        FloatVector even = d0.add(d2), odd = d1.add(d3);
        even.add(odd).intoArray(m, to + apart);
        even.sub(odd).intoArray(m, to + 2 * apart);
        even = d2.fma(FloatVector.broadcast(S, 4f), d0);
        odd = d3.fma(FloatVector.broadcast(S, 8f), d1.add(d1));
        even.add(odd).intoArray(m, to + 3 * apart);
        even.sub(odd).intoArray(m, to + 4 * apart);
        d3.intoArray(m, to + 5 * apart);
    }

    /** y = Aᵀ · m · A + start, of which {@code high} × {@code wide} entries and the lanes in the mask are written. */
    static void output(
            float[] y,
            int to,
            int down,
            int right,
            int high,
            int wide,
            float[] m,
            int from,
            int plane,
            float start,
            boolean keep,
            VectorMask<Float> mask,
            float[] half) {
        for (int j = 0; j < 6; j++) output(half, j * LANES, 6 * LANES, m, from + j * plane, 6 * plane, 0f);
        // The rows' results overwrite the front of half's own row, which has been read by then.
        for (int i = 0; i < 4; i++) output(half, i * 6 * LANES, LANES, half, i * 6 * LANES, LANES, start);
        for (int i = 0; i < high; i++)
            for (int j = 0; j < wide; j++) {
                int at = to + i * down + j * right;
                FloatVector value = at(half, (i * 6 + j) * LANES);
                if (keep) value = value.add(FloatVector.fromArray(S, y, at, mask));
                value.intoArray(y, at, mask);
            }
    }

    /** y = Aᵀ · m · A + start for a whole tile and whole vector. */
    static void output(
            float[] y, int to, int down, int right, float[] m, int from, int plane, float start, float[] half) {
        for (int j = 0; j < 6; j++) output(half, j * LANES, 6 * LANES, m, from + j * plane, 6 * plane, 0f);
        for (int i = 0; i < 4; i++) output(y, to + i * down, right, half, i * 6 * LANES, LANES, start);
    }

    private static void output(float[] y, int to, int apart, float[] m, int from, int step, float start) {
        FloatVector m1 = at(m, from + step), m2 = at(m, from + 2 * step), m3 = at(m, from + 3 * step);
        FloatVector m4 = at(m, from + 4 * step);
        FloatVector first = at(m, from).add(start),
                last = at(m, from + 5 * step).add(start);
        FloatVector a = m1.add(m2), b = m1.sub(m2), c = m3.add(m4), d = m3.sub(m4);
        first.add(a).add(c).intoArray(y, to);
        d.fma(FloatVector.broadcast(S, 2f), b).add(start).intoArray(y, to + apart);
        c.fma(FloatVector.broadcast(S, 4f), a).add(start).intoArray(y, to + 2 * apart);
        d.fma(FloatVector.broadcast(S, 8f), b).add(last).intoArray(y, to + 3 * apart);
    }
}
