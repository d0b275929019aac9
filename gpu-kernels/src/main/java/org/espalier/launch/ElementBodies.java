package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.espalier.kernels.Pointwise;

/** Vector bodies of {@link Pointwise}, with the kernels' bits. The JIT does not vectorise choices between two floats. */
public final class ElementBodies {
    private ElementBodies() {}

    /** {@link Pointwise#relu}. */
    public static void relu(float[] y, float[] x, int first, int count) {
        FloatVector zero = FloatVector.zero(S);
        int e = first;
        for (; e + LENGTH <= first + count; e += LENGTH) {
            FloatVector value = FloatVector.fromArray(S, x, e);
            value.blend(zero, value.compare(VectorOperators.LE, 0f)).intoArray(y, e);
        }
        Pointwise.relu(y, x, e, first + count - e);
    }

    /** {@link Pointwise#reluGrad}. */
    public static void reluGrad(float[] dx, float[] dy, float[] y, int keep, int first, int count) {
        FloatVector zero = FloatVector.zero(S);
        int e = first;
        for (; e + LENGTH <= first + count; e += LENGTH) {
            VectorMask<Float> open = FloatVector.fromArray(S, y, e).compare(VectorOperators.GT, 0f);
            FloatVector before = keep == 1 ? FloatVector.fromArray(S, dx, e) : zero;
            before.add(zero.blend(FloatVector.fromArray(S, dy, e), open)).intoArray(dx, e);
        }
        Pointwise.reluGrad(dx, dy, y, keep, e, first + count - e);
    }

    /** {@link Pointwise#mask}: a vector's bits lie in one word, since it begins at a multiple of its length. */
    public static void mask(float[] y, int[] kept, int first, int count) {
        int end = first + count, e = Math.min(end, (first + LENGTH - 1) / LENGTH * LENGTH);
        Pointwise.mask(y, kept, first, e - first);
        for (; e + LENGTH <= end; e += LENGTH) {
            VectorMask<Float> stays = VectorMask.fromLong(S, kept[e >>> 5] >>> (e & 31));
            FloatVector.zero(S).blend(FloatVector.fromArray(S, y, e), stays).intoArray(y, e);
        }
        Pointwise.mask(y, kept, e, end - e);
    }

    /** {@link Pointwise#add}. */
    public static void add(float[] y, float[] a, float[] b, int first, int count) {
        int e = first;
        for (; e + LENGTH <= first + count; e += LENGTH)
            FloatVector.fromArray(S, a, e).add(FloatVector.fromArray(S, b, e)).intoArray(y, e);
        Pointwise.add(y, a, b, e, first + count - e);
    }

    /** {@link Pointwise#copy}. */
    public static void copy(float[] y, float[] x, int keep, int first, int count) {
        int e = first;
        for (; e + LENGTH <= first + count; e += LENGTH) {
            FloatVector before = keep == 1 ? FloatVector.fromArray(S, y, e) : FloatVector.zero(S);
            before.add(FloatVector.fromArray(S, x, e)).intoArray(y, e);
        }
        Pointwise.copy(y, x, keep, e, first + count - e);
    }

    /** {@link Pointwise#transpose}. */
    public static void transpose(float[] y, float[] x, int rows, int columns, int keep, int first, int count) {
        Turn.matrix(y, first * rows, rows, x, first, columns, rows, count, keep == 1, Turn.half());
    }
}
