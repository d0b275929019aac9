package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.espalier.kernels.Masked;

/** Vector bodies of {@link Masked}, with the kernels' bits. */
public final class MaskedBodies {
    private MaskedBodies() {}

    /** {@link Masked#merge}. */
    public static void merge(float[] m, float[] w, float scale, int first, int count) {
        int e = first;
        for (; e + LENGTH <= first + count; e += LENGTH) {
            FloatVector weight = FloatVector.fromArray(S, w, e);
            weight.add(FloatVector.fromArray(S, m, e).mul(scale))
                    .blend(0f, weight.compare(VectorOperators.EQ, 0f))
                    .intoArray(m, e);
        }
        Masked.merge(m, w, scale, e, first + count - e);
    }

    /** {@link Masked#gate}. */
    public static void gate(float[] g, float[] w, float scale, int first, int count) {
        int e = first;
        for (; e + LENGTH <= first + count; e += LENGTH)
            FloatVector.fromArray(S, g, e)
                    .mul(scale)
                    .blend(0f, FloatVector.fromArray(S, w, e).compare(VectorOperators.EQ, 0f))
                    .intoArray(g, e);
        Masked.gate(g, w, scale, e, first + count - e);
    }
}
