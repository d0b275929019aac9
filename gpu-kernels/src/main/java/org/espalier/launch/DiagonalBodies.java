package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;
import org.espalier.kernels.Diagonal;

/** Vector bodies of {@link Diagonal}. */
public final class DiagonalBodies {
    private DiagonalBodies() {}

    /** {@link Diagonal#grad}: each lane sums a column. */
    public static void grad(
            float[] dd,
            float[] dy,
            float[] x,
            float[] scale,
            float factor,
            int rows,
            int columns,
            int keep,
            int first,
            int count) {
        int c = first;
        for (; c + LENGTH <= first + count; c += LENGTH) {
            FloatVector sum = FloatVector.zero(S);
            for (int at = c; at < rows * columns; at += columns)
                sum = FloatVector.fromArray(S, dy, at).fma(FloatVector.fromArray(S, x, at), sum);
            sum = sum.mul(factor).mul(FloatVector.fromArray(S, scale, c));
            if (keep == 1) sum = sum.add(FloatVector.fromArray(S, dd, c));
            sum.intoArray(dd, c);
        }
        Diagonal.grad(dd, dy, x, scale, factor, rows, columns, keep, c, first + count - c);
    }
}
