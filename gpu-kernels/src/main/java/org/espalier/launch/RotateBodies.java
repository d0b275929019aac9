package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;
import org.espalier.kernels.Rotate;

/** Vector body of {@link Rotate}. */
public final class RotateBodies {
    private RotateBodies() {}

    /** {@link Rotate#turn}. */
    public static void turn(
            float[] y,
            float[] x,
            float[] cosines,
            float[] sines,
            int[] start,
            int heads,
            int dim,
            int rotated,
            int length,
            float sign,
            int keep,
            int first,
            int count) {
        int half = rotated / 2;
        if (half % LENGTH != 0) {
            Rotate.turn(y, x, cosines, sines, start, heads, dim, rotated, length, sign, keep, first, count);
            return;
        }
        for (int row = first; row < first + count; row++) {
            int angle = (start[0] + row % length) * half;
            for (int h = 0; h < heads; h++) {
                int at = (row * heads + h) * dim;
                head(y, x, cosines, sines, at, angle, half, sign, keep);
                for (int j = rotated; j < dim; j++) y[at + j] = (keep == 1 ? y[at + j] : 0f) + x[at + j];
            }
        }
    }

    private static void head(
            float[] y, float[] x, float[] cosines, float[] sines, int at, int angle, int half, float sign, int keep) {
        for (int j = 0; j < half; j += LENGTH) {
            FloatVector a = FloatVector.fromArray(S, x, at + j);
            FloatVector b = FloatVector.fromArray(S, x, at + half + j);
            FloatVector cosine = FloatVector.fromArray(S, cosines, angle + j);
            FloatVector sine = FloatVector.fromArray(S, sines, angle + j).mul(sign);
            FloatVector turnedA = a.mul(cosine).sub(b.mul(sine));
            FloatVector turnedB = b.mul(cosine).add(a.mul(sine));
            if (keep == 1) {
                turnedA = turnedA.add(FloatVector.fromArray(S, y, at + j));
                turnedB = turnedB.add(FloatVector.fromArray(S, y, at + half + j));
            }
            turnedA.intoArray(y, at + j);
            turnedB.intoArray(y, at + half + j);
        }
    }
}
