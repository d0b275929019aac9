package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.espalier.kernels.Gelu;

/** Vector bodies of {@link Gelu}; they differ from the kernels by the rounding of {@link Exp}. */
public final class GeluBodies {
    private GeluBodies() {}

    /** {@link Gelu#forward}. */
    public static void forward(float[] y, float[] x, int first, int count) {
        int e = first;
        for (; e + LENGTH <= first + count; e += LENGTH) {
            FloatVector v = FloatVector.fromArray(S, x, e);
            v.mul(below(v, bell(v))).intoArray(y, e);
        }
        Gelu.forward(y, x, e, first + count - e);
    }

    /** {@link Gelu#grad}. */
    public static void grad(float[] dx, float[] dy, float[] x, int keep, int first, int count) {
        int e = first;
        for (; e + LENGTH <= first + count; e += LENGTH) {
            FloatVector v = FloatVector.fromArray(S, x, e), bell = bell(v);
            FloatVector d = below(v, bell).add(v.mul(Gelu.DENSITY).mul(bell)).mul(FloatVector.fromArray(S, dy, e));
            if (keep == 1) d = d.add(FloatVector.fromArray(S, dx, e));
            d.intoArray(dx, e);
        }
        Gelu.grad(dx, dy, x, keep, e, first + count - e);
    }

    private static FloatVector bell(FloatVector x) {
        return Exp.of(x.mul(x).mul(-0.5f));
    }

    private static FloatVector below(FloatVector x, FloatVector bell) {
        FloatVector one = FloatVector.broadcast(S, 1f);
        FloatVector t = one.div(x.abs().mul(Gelu.P * Gelu.HALF_ROOT).add(1f));
        FloatVector sum = t.mul(Gelu.A5).add(Gelu.A4);
        sum = sum.fma(t, FloatVector.broadcast(S, Gelu.A3));
        sum = sum.fma(t, FloatVector.broadcast(S, Gelu.A2));
        sum = sum.fma(t, FloatVector.broadcast(S, Gelu.A1));
        FloatVector tail = bell.mul(0.5f).mul(t).mul(sum);
        return one.sub(tail).blend(tail, x.compare(VectorOperators.LT, 0f));
    }
}
