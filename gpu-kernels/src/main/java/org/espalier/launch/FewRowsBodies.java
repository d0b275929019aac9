package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The vector body of {@link org.espalier.kernels.FewRows}: a row of the matrix is read once for all examples, in the order in which it
 * lies. Every element of the result is summed in an order of its own, whatever the cut.
 */
public final class FewRowsBodies {
    private FewRowsBodies() {}

    /** {@link org.espalier.kernels.FewRows#forward}. */
    public static void forward(
            float[] y, float[] w, float[] x, int batch, int rows, int columns, int first, int count) {
        for (int r = first; r < first + count; r++)
            for (int b = 0; b < batch; b++) y[b * rows + r] = dot(w, r * columns, x, b * columns, columns);
    }

    private static float dot(float[] w, int from, float[] x, int at, int columns) {
        FloatVector s0 = FloatVector.zero(S),
                s1 = FloatVector.zero(S),
                s2 = FloatVector.zero(S),
                s3 = FloatVector.zero(S);
        int c = 0;
        for (; c + 4 * LENGTH <= columns; c += 4 * LENGTH) {
            s0 = lanes(w, from + c).fma(lanes(x, at + c), s0);
            s1 = lanes(w, from + c + LENGTH).fma(lanes(x, at + c + LENGTH), s1);
            s2 = lanes(w, from + c + 2 * LENGTH).fma(lanes(x, at + c + 2 * LENGTH), s2);
            s3 = lanes(w, from + c + 3 * LENGTH).fma(lanes(x, at + c + 3 * LENGTH), s3);
        }
        for (; c < columns; c += LENGTH) {
            VectorMask<Float> inside = S.indexInRange(c, columns);
            s0 = FloatVector.fromArray(S, w, from + c, inside).fma(FloatVector.fromArray(S, x, at + c, inside), s0);
        }
        return Lanes.sum(s0.add(s1).add(s2.add(s3)));
    }

    private static FloatVector lanes(float[] array, int at) {
        return FloatVector.fromArray(S, array, at);
    }
}
