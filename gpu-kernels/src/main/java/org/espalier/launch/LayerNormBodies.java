package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.espalier.kernels.LayerNorm;

/** Vector bodies of {@link LayerNorm}. A row is summed in one fixed order, so bits do not depend on the cut. */
public final class LayerNormBodies {
    private LayerNormBodies() {}

    /** {@link LayerNorm#forward}. */
    public static void forward(
            float[] y,
            float[] moments,
            float[] x,
            float[] scale,
            float[] shift,
            int width,
            float epsilon,
            int first,
            int count) {
        for (int r = first; r < first + count; r++) {
            float mean = Reductions.sum(x, r * width, width) / width;
            float squares = Reductions.squares(x, r * width, width, mean);
            float factor = 1f / (float) Math.sqrt(squares / width + epsilon);
            moments[2 * r] = mean;
            moments[2 * r + 1] = factor;
            int at = r * width, j = 0;
            for (; j + LENGTH <= width; j += LENGTH)
                FloatVector.fromArray(S, x, at + j)
                        .sub(mean)
                        .mul(factor)
                        .mul(FloatVector.fromArray(S, scale, j))
                        .add(FloatVector.fromArray(S, shift, j))
                        .intoArray(y, at + j);
            for (; j < width; j++) y[at + j] = (x[at + j] - mean) * factor * scale[j] + shift[j];
        }
    }

    /** {@link LayerNorm#grad}. */
    public static void grad(
            float[] dx,
            float[] scales,
            float[] shifts,
            float[] dy,
            float[] x,
            float[] moments,
            float[] scale,
            int width,
            int rows,
            int part,
            int keep,
            int first,
            int count) {
        for (int p = first; p < first + count; p++) {
            int own = p * width;
            Arrays.fill(scales, own, own + width, 0f);
            Arrays.fill(shifts, own, own + width, 0f);
            for (int r = p * part; r < Math.min((p + 1) * part, rows); r++) {
                int at = r * width;
                float mean = moments[2 * r], factor = moments[2 * r + 1];
                sums(scales, shifts, own, dy, x, at, width, mean, factor);
                input(dx, dy, x, scale, at, width, mean, factor, keep);
            }
        }
    }

    private static void sums(
            float[] scales,
            float[] shifts,
            int own,
            float[] dy,
            float[] x,
            int at,
            int width,
            float mean,
            float factor) {
        int j = 0;
        for (; j + LENGTH <= width; j += LENGTH) {
            FloatVector d = FloatVector.fromArray(S, dy, at + j);
            FloatVector normal = FloatVector.fromArray(S, x, at + j).sub(mean).mul(factor);
            d.fma(normal, FloatVector.fromArray(S, scales, own + j)).intoArray(scales, own + j);
            d.add(FloatVector.fromArray(S, shifts, own + j)).intoArray(shifts, own + j);
        }
        for (; j < width; j++) {
            scales[own + j] += dy[at + j] * ((x[at + j] - mean) * factor);
            shifts[own + j] += dy[at + j];
        }
    }

    private static void input(
            float[] dx, float[] dy, float[] x, float[] scale, int at, int width, float mean, float factor, int keep) {
        FloatVector plains = FloatVector.zero(S), alongs = plains;
        int j = 0;
        for (; j + LENGTH <= width; j += LENGTH) {
            FloatVector d = FloatVector.fromArray(S, dy, at + j).mul(FloatVector.fromArray(S, scale, j));
            plains = plains.add(d);
            alongs = d.fma(FloatVector.fromArray(S, x, at + j).sub(mean), alongs);
        }
        float plain = Lanes.sum(plains), along = Lanes.sum(alongs);
        for (; j < width; j++) {
            plain += dy[at + j] * scale[j];
            along += dy[at + j] * scale[j] * (x[at + j] - mean);
        }
        plain = plain / width;
        along = along * factor * factor / width;
        for (j = 0; j + LENGTH <= width; j += LENGTH) {
            FloatVector d = FloatVector.fromArray(S, dy, at + j).mul(FloatVector.fromArray(S, scale, j));
            FloatVector centred = FloatVector.fromArray(S, x, at + j).sub(mean);
            FloatVector result = d.sub(plain).sub(centred.mul(along)).mul(factor);
            if (keep == 1) result = result.add(FloatVector.fromArray(S, dx, at + j));
            result.intoArray(dx, at + j);
        }
        for (; j < width; j++) {
            float before = keep == 1 ? dx[at + j] : 0f;
            dx[at + j] = before + factor * (dy[at + j] * scale[j] - plain - (x[at + j] - mean) * along);
        }
    }
}
