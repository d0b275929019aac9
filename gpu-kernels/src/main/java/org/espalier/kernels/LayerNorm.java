package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Layer normalisation (Ba, Kiros and Hinton 2016) of rows of {@code width} neighbours. */
public final class LayerNorm {
    private LayerNorm() {}

    /**
     * y = (x − mean) · inverse · scale + shift with inverse = 1 / sqrt(variance + epsilon); moments[2r] = mean and
     * moments[2r + 1] = inverse. The slice runs over rows.
     */
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
        for (@Parallel int i = 0; i < count; i++) {
            int row = first + i;
            int at = row * width;
            float sum = 0f;
            for (int j = 0; j < width; j++) sum += x[at + j];
            float mean = sum / width;
            float squares = 0f;
            for (int j = 0; j < width; j++) {
                float d = x[at + j] - mean;
                squares += d * d;
            }
            float factor = 1f / TornadoMath.sqrt(squares / width + epsilon);
            moments[2 * row] = mean;
            moments[2 * row + 1] = factor;
            for (int j = 0; j < width; j++) y[at + j] = (x[at + j] - mean) * factor * scale[j] + shift[j];
        }
    }

    /**
     * dx, and the gradients of scale and shift summed over each part of {@code part} rows: scales and shifts
     * (ceil(rows / part), width). The slice runs over parts.
     */
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
        for (@Parallel int i = 0; i < count; i++) {
            int p = first + i;
            for (int j = 0; j < width; j++) {
                scales[p * width + j] = 0f;
                shifts[p * width + j] = 0f;
            }
            int end = TornadoMath.min((p + 1) * part, rows);
            for (int r = p * part; r < end; r++) {
                int at = r * width;
                float mean = moments[2 * r];
                float factor = moments[2 * r + 1];
                float plain = 0f;
                float along = 0f;
                for (int j = 0; j < width; j++) {
                    float d = dy[at + j] * scale[j];
                    plain += d;
                    along += d * (x[at + j] - mean);
                }
                plain = plain / width;
                along = along * factor * factor / width;
                for (int j = 0; j < width; j++) {
                    float centred = x[at + j] - mean;
                    scales[p * width + j] = scales[p * width + j] + dy[at + j] * centred * factor;
                    shifts[p * width + j] = shifts[p * width + j] + dy[at + j];
                    float before = keep == 1 ? dx[at + j] : 0f;
                    dx[at + j] = before + factor * (dy[at + j] * scale[j] - plain - centred * along);
                }
            }
        }
    }
}
