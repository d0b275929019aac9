package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;
import org.espalier.kernels.TokenSums;

/** Vector bodies of {@link TokenSums} where features are neighbours, with the kernels' bits: a lane is a feature. */
public final class TokenSumsBodies {
    private TokenSumsBodies() {}

    /** {@link TokenSums#squares}: four vectors of features at a time, so that each token costs whole cache lines. */
    public static void squares(
            float[] squares,
            float[] x,
            int sequences,
            int length,
            int featureStride,
            int tokenStride,
            int first,
            int count) {
        int f = first, end = first + count;
        if (featureStride == 1)
            for (; f + 4 * LENGTH <= end; f += 4 * LENGTH) {
                FloatVector t0 = at(squares, f, 0), t1 = at(squares, f, 1), t2 = at(squares, f, 2);
                FloatVector t3 = at(squares, f, 3);
                for (int s = 0; s < sequences; s++) {
                    FloatVector s0 = FloatVector.zero(S), s1 = s0, s2 = s0, s3 = s0;
                    for (int t = s * length; t < (s + 1) * length; t++) {
                        int row = t * tokenStride + f;
                        FloatVector a = at(x, row, 0), b = at(x, row, 1), c = at(x, row, 2), d = at(x, row, 3);
                        s0 = s0.add(a.mul(a));
                        s1 = s1.add(b.mul(b));
                        s2 = s2.add(c.mul(c));
                        s3 = s3.add(d.mul(d));
                    }
                    t0 = t0.add(s0);
                    t1 = t1.add(s1);
                    t2 = t2.add(s2);
                    t3 = t3.add(s3);
                }
                t0.intoArray(squares, f);
                t1.intoArray(squares, f + LENGTH);
                t2.intoArray(squares, f + 2 * LENGTH);
                t3.intoArray(squares, f + 3 * LENGTH);
            }
        TokenSums.squares(squares, x, sequences, length, featureStride, tokenStride, f, end - f);
    }

    /** {@link TokenSums#sums}: two vectors of features at a time. */
    public static void sums(
            float[] sums,
            float[] between,
            float[] x,
            int sequences,
            int length,
            int featureStride,
            int tokenStride,
            int first,
            int count) {
        int f = first, end = first + count;
        if (featureStride == 1)
            for (; f + 2 * LENGTH <= end; f += 2 * LENGTH) {
                FloatVector t0 = at(sums, f, 0), t1 = at(sums, f, 1);
                FloatVector b0 = at(between, f, 0), b1 = at(between, f, 1);
                for (int s = 0; s < sequences; s++) {
                    FloatVector s0 = FloatVector.zero(S), s1 = s0;
                    for (int t = s * length; t < (s + 1) * length; t++) {
                        int row = t * tokenStride + f;
                        s0 = s0.add(at(x, row, 0));
                        s1 = s1.add(at(x, row, 1));
                    }
                    t0 = t0.add(s0);
                    t1 = t1.add(s1);
                    b0 = b0.add(s0.mul(s0));
                    b1 = b1.add(s1.mul(s1));
                }
                t0.intoArray(sums, f);
                t1.intoArray(sums, f + LENGTH);
                b0.intoArray(between, f);
                b1.intoArray(between, f + LENGTH);
            }
        TokenSums.sums(sums, between, x, sequences, length, featureStride, tokenStride, f, end - f);
    }

    private static FloatVector at(float[] x, int from, int vector) {
        return FloatVector.fromArray(S, x, from + vector * LENGTH);
    }
}
