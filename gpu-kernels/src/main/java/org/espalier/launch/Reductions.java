package org.espalier.launch;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Sums over long strips, each in one fixed order. */
final class Reductions {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private Reductions() {}

    /** The sum of {@code x[first … first + length − 1]}. */
    static float sum(float[] x, int first, int length) {
        FloatVector a = FloatVector.zero(S), b = a, c = a, d = a;
        int i = 0;
        for (; i + 4 * LANES <= length; i += 4 * LANES) {
            a = a.add(FloatVector.fromArray(S, x, first + i));
            b = b.add(FloatVector.fromArray(S, x, first + i + LANES));
            c = c.add(FloatVector.fromArray(S, x, first + i + 2 * LANES));
            d = d.add(FloatVector.fromArray(S, x, first + i + 3 * LANES));
        }
        float sum = Lanes.sum(a.add(b).add(c.add(d)));
        for (; i < length; i++) sum += x[first + i];
        return sum;
    }

    /** The sum of (x − mean)² over a strip. */
    static float squares(float[] x, int first, int length, float mean) {
        FloatVector a = FloatVector.zero(S), b = a;
        int i = 0;
        for (; i + 2 * LANES <= length; i += 2 * LANES) {
            FloatVector p = FloatVector.fromArray(S, x, first + i).sub(mean);
            FloatVector q = FloatVector.fromArray(S, x, first + i + LANES).sub(mean);
            a = p.fma(p, a);
            b = q.fma(q, b);
        }
        float sum = Lanes.sum(a.add(b));
        for (; i < length; i++) sum = Math.fma(x[first + i] - mean, x[first + i] - mean, sum);
        return sum;
    }

    /** The sum of y · (x − mean) over two strips at the same place. */
    static float product(float[] y, float[] x, int first, int length, float mean) {
        FloatVector a = FloatVector.zero(S), b = a;
        int i = 0;
        for (; i + 2 * LANES <= length; i += 2 * LANES) {
            a = FloatVector.fromArray(S, y, first + i)
                    .fma(FloatVector.fromArray(S, x, first + i).sub(mean), a);
            b = FloatVector.fromArray(S, y, first + i + LANES)
                    .fma(FloatVector.fromArray(S, x, first + i + LANES).sub(mean), b);
        }
        float sum = Lanes.sum(a.add(b));
        for (; i < length; i++) sum = Math.fma(y[first + i], x[first + i] - mean, sum);
        return sum;
    }
}
