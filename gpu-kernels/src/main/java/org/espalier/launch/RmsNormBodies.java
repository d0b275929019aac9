package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.espalier.kernels.RmsNorm;

/** Vector bodies of {@link RmsNorm}. A row is summed in one fixed order, so bits do not depend on the cut. */
public final class RmsNormBodies {
    private RmsNormBodies() {}

    /** {@link RmsNorm#forward}. */
    public static void forward(
            float[] y,
            float[] inverse,
            float[] x,
            float[] scale,
            int width,
            float epsilon,
            float offset,
            int first,
            int count) {
        for (int r = first; r < first + count; r++) {
            float squares = Reductions.squares(x, r * width, width, 0f);
            float factor = 1f / (float) Math.sqrt(squares / width + epsilon);
            inverse[r] = factor;
            row(y, x, scale, r * width, width, factor, offset);
        }
    }

    private static void row(float[] y, float[] x, float[] scale, int at, int width, float factor, float offset) {
        int j = 0;
        for (; j + LENGTH <= width; j += LENGTH) {
            FloatVector weight = FloatVector.fromArray(S, scale, j).add(offset);
            FloatVector.fromArray(S, x, at + j).mul(factor).mul(weight).intoArray(y, at + j);
        }
        for (; j < width; j++) y[at + j] = x[at + j] * factor * (offset + scale[j]);
    }

    /** {@link RmsNorm#grad}. */
    public static void grad(
            float[] dx,
            float[] parts,
            float[] dy,
            float[] x,
            float[] inverse,
            float[] scale,
            int width,
            int rows,
            int part,
            float offset,
            int keep,
            int first,
            int count) {
        for (int p = first; p < first + count; p++) {
            Arrays.fill(parts, p * width, (p + 1) * width, 0f);
            for (int r = p * part; r < Math.min((p + 1) * part, rows); r++) {
                float factor = inverse[r];
                float along = along(dy, x, scale, r * width, width, offset) * factor * factor * factor / width;
                row(dx, parts, p * width, dy, x, scale, r * width, width, offset, factor, along, keep);
            }
        }
    }

    /** The sum of dy · weight · x over a row. */
    private static float along(float[] dy, float[] x, float[] scale, int at, int width, float offset) {
        FloatVector sums = FloatVector.zero(S);
        int j = 0;
        for (; j + LENGTH <= width; j += LENGTH) {
            FloatVector weighted =
                    FloatVector.fromArray(S, scale, j).add(offset).mul(FloatVector.fromArray(S, dy, at + j));
            sums = weighted.fma(FloatVector.fromArray(S, x, at + j), sums);
        }
        float sum = Lanes.sum(sums);
        for (; j < width; j++) sum = Math.fma(dy[at + j] * (offset + scale[j]), x[at + j], sum);
        return sum;
    }

    private static void row(
            float[] dx,
            float[] parts,
            int own,
            float[] dy,
            float[] x,
            float[] scale,
            int at,
            int width,
            float offset,
            float factor,
            float along,
            int keep) {
        FloatVector minus = FloatVector.broadcast(S, -along);
        int j = 0;
        for (; j + LENGTH <= width; j += LENGTH) {
            FloatVector input = FloatVector.fromArray(S, x, at + j);
            FloatVector d = FloatVector.fromArray(S, dy, at + j).mul(factor);
            d.fma(input, FloatVector.fromArray(S, parts, own + j)).intoArray(parts, own + j);
            FloatVector weight = FloatVector.fromArray(S, scale, j).add(offset);
            FloatVector result = input.fma(minus, d.mul(weight));
            if (keep == 1) result = result.add(FloatVector.fromArray(S, dx, at + j));
            result.intoArray(dx, at + j);
        }
        for (; j < width; j++) {
            float d = dy[at + j] * factor;
            parts[own + j] = Math.fma(d, x[at + j], parts[own + j]);
            float before = keep == 1 ? dx[at + j] : 0f;
            dx[at + j] = before + Math.fma(x[at + j], -along, d * (offset + scale[j]));
        }
    }
}
