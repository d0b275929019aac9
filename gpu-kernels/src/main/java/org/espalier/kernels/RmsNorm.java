package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Division of rows by their root mean square (Zhang and Sennrich 2019). A row has {@code width} neighbours: a whole token, or
 * one head of it. Weights are scale + offset.
 */
public final class RmsNorm {
    private RmsNorm() {}

    /** inverse[r] = 1 / sqrt(mean of x² + epsilon) and y = x · inverse · (offset + scale); the slice runs over rows. */
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
        for (@Parallel int i = 0; i < count; i++) {
            int at = (first + i) * width;
            float squares = 0f;
            for (int j = 0; j < width; j++) squares += x[at + j] * x[at + j];
            float factor = 1f / TornadoMath.sqrt(squares / width + epsilon);
            inverse[first + i] = factor;
            for (int j = 0; j < width; j++) y[at + j] = x[at + j] * factor * (offset + scale[j]);
        }
    }

    /**
     * dx, and the gradient of the scale summed over each part of {@code part} rows: parts (ceil(rows / part), width). The
     * slice runs over parts.
     */
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
        for (@Parallel int i = 0; i < count; i++) {
            int p = first + i;
            for (int j = 0; j < width; j++) parts[p * width + j] = 0f;
            int end = TornadoMath.min((p + 1) * part, rows);
            for (int r = p * part; r < end; r++) {
                int at = r * width;
                float factor = inverse[r];
                float along = 0f;
                for (int j = 0; j < width; j++) along += dy[at + j] * (offset + scale[j]) * x[at + j];
                along = along * factor * factor * factor / width;
                for (int j = 0; j < width; j++) {
                    parts[p * width + j] = parts[p * width + j] + dy[at + j] * x[at + j] * factor;
                    float before = keep == 1 ? dx[at + j] : 0f;
                    dx[at + j] = before + dy[at + j] * (offset + scale[j]) * factor - x[at + j] * along;
                }
            }
        }
    }
}
