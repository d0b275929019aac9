package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;
import org.espalier.kernels.Norm;

/** Vector body of {@link Norm#squares}. */
public final class NormBodies {
    private NormBodies() {}

    /** {@link Norm#squares}: four vectors of partial sums, so that additions need not wait for each other. */
    public static void squares(float[] parts, float[] x, int size, int length, int offset, int first, int count) {
        for (int p = first; p < first + count; p++) {
            int e = p * length, end = Math.min(e + length, size);
            FloatVector s0 = FloatVector.zero(S), s1 = s0, s2 = s0, s3 = s0;
            for (; e + 4 * LENGTH <= end; e += 4 * LENGTH) {
                FloatVector a = FloatVector.fromArray(S, x, e);
                FloatVector b = FloatVector.fromArray(S, x, e + LENGTH);
                FloatVector c = FloatVector.fromArray(S, x, e + 2 * LENGTH);
                FloatVector d = FloatVector.fromArray(S, x, e + 3 * LENGTH);
                s0 = a.fma(a, s0);
                s1 = b.fma(b, s1);
                s2 = c.fma(c, s2);
                s3 = d.fma(d, s3);
            }
            float sum = Lanes.sum(s0.add(s1).add(s2.add(s3)));
            for (; e < end; e++) sum += x[e] * x[e];
            parts[offset + p] = sum;
        }
    }
}
