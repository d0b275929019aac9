package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;
import org.espalier.kernels.Gated;

/** Vector bodies of {@link Gated}; they differ from the kernels by the rounding of {@link Exp}. */
public final class GatedBodies {
    private GatedBodies() {}

    /** {@link Gated#forward}. */
    public static void forward(float[] y, float[] gate, float[] up, float slope, float cubic, int first, int count) {
        int e = first;
        for (; e + LENGTH <= first + count; e += LENGTH) {
            FloatVector x = FloatVector.fromArray(S, gate, e);
            x.mul(open(x, slope, cubic)).mul(FloatVector.fromArray(S, up, e)).intoArray(y, e);
        }
        Gated.forward(y, gate, up, slope, cubic, e, first + count - e);
    }

    /** {@link Gated#grad}. */
    public static void grad(
            float[] dgate,
            float[] dup,
            float[] dy,
            float[] gate,
            float[] up,
            float slope,
            float cubic,
            int keepGate,
            int keepUp,
            int first,
            int count) {
        int e = first;
        for (; e + LENGTH <= first + count; e += LENGTH) {
            FloatVector x = FloatVector.fromArray(S, gate, e);
            FloatVector open = open(x, slope, cubic);
            FloatVector d = FloatVector.fromArray(S, dy, e);
            FloatVector toGate = d.mul(FloatVector.fromArray(S, up, e)).mul(steepness(x, open, slope, cubic));
            FloatVector toUp = d.mul(x).mul(open);
            if (keepGate == 1) toGate = toGate.add(FloatVector.fromArray(S, dgate, e));
            if (keepUp == 1) toUp = toUp.add(FloatVector.fromArray(S, dup, e));
            toGate.intoArray(dgate, e);
            toUp.intoArray(dup, e);
        }
        Gated.grad(dgate, dup, dy, gate, up, slope, cubic, keepGate, keepUp, e, first + count - e);
    }

    /** {@link Gated#alone}. */
    public static void alone(float[] y, float[] x, float slope, float cubic, int first, int count) {
        int e = first;
        for (; e + LENGTH <= first + count; e += LENGTH) {
            FloatVector v = FloatVector.fromArray(S, x, e);
            v.mul(open(v, slope, cubic)).intoArray(y, e);
        }
        Gated.alone(y, x, slope, cubic, e, first + count - e);
    }

    /** {@link Gated#aloneGrad}. */
    public static void aloneGrad(
            float[] dx, float[] dy, float[] x, float slope, float cubic, int keep, int first, int count) {
        int e = first;
        for (; e + LENGTH <= first + count; e += LENGTH) {
            FloatVector v = FloatVector.fromArray(S, x, e);
            FloatVector d = FloatVector.fromArray(S, dy, e).mul(steepness(v, open(v, slope, cubic), slope, cubic));
            if (keep == 1) d = d.add(FloatVector.fromArray(S, dx, e));
            d.intoArray(dx, e);
        }
        Gated.aloneGrad(dx, dy, x, slope, cubic, keep, e, first + count - e);
    }

    private static FloatVector open(FloatVector x, float slope, float cubic) {
        FloatVector inner = x.mul(cubic).mul(x).fma(x, x).mul(-slope);
        return FloatVector.broadcast(S, 1f).div(Exp.of(inner).add(1f));
    }

    private static FloatVector steepness(FloatVector x, FloatVector open, float slope, float cubic) {
        FloatVector one = FloatVector.broadcast(S, 1f);
        FloatVector inner = x.mul(3f * cubic).fma(x, one).mul(slope);
        return x.mul(open).mul(one.sub(open)).fma(inner, open);
    }
}
