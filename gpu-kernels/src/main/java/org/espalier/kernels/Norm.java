package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Norms over long arrays, in two passes so that each sum has one fixed order. */
public final class Norm {
    private Norm() {}

    /** parts[offset + p] = sum of squares of x[p·length … (p + 1)·length − 1], as far as x goes; the slice runs over p. */
    public static void squares(float[] parts, float[] x, int size, int length, int offset, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int p = first + i;
            float sum = 0f;
            int end = TornadoMath.min((p + 1) * length, size);
            for (int e = p * length; e < end; e++) sum += x[e] * x[e];
            parts[offset + p] = sum;
        }
    }

    /** step[1] = min(1, limit / sqrt(sum of parts)): the factor that clips a gradient's norm to {@code limit}. */
    public static void clip(float[] step, float[] parts, int size, float limit, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            float sum = 0f;
            for (int p = 0; p < size; p++) sum += parts[p];
            float norm = TornadoMath.sqrt(sum);
            step[first + i + 1] = norm > limit ? limit / (norm + 1e-6f) : 1f;
        }
    }
}
