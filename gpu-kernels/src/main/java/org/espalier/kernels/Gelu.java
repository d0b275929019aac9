package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * GELU(x) = x · Φ(x) with the normal distribution Φ (Hendrycks and Gimpel 2016), by the error function in the rational form of
 * Abramowitz and Stegun 7.1.26, whose error is below 1.5e-7.
 */
public final class Gelu {
    public static final float P = 0.3275911f;
    public static final float A1 = 0.254829592f;
    public static final float A2 = -0.284496736f;
    public static final float A3 = 1.421413741f;
    public static final float A4 = -1.453152027f;
    public static final float A5 = 1.061405429f;
    public static final float HALF_ROOT = 0.70710678f;
    public static final float DENSITY = 0.39894228f;

    private Gelu() {}

    /** y = x · Φ(x). */
    public static void forward(float[] y, float[] x, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            y[e] = x[e] * below(x[e], TornadoMath.exp(-0.5f * x[e] * x[e]));
        }
    }

    /** dx = dy · (Φ(x) + x · φ(x)). */
    public static void grad(float[] dx, float[] dy, float[] x, int keep, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            float before = keep == 1 ? dx[e] : 0f;
            float bell = TornadoMath.exp(-0.5f * x[e] * x[e]);
            dx[e] = before + dy[e] * (below(x[e], bell) + x[e] * DENSITY * bell);
        }
    }

    /** Φ(x), given exp(−x²/2): half of the complement of the error function on the side where it is small. */
    private static float below(float x, float bell) {
        float t = 1f / (1f + P * HALF_ROOT * TornadoMath.abs(x));
        float tail = 0.5f * bell * t * (A1 + t * (A2 + t * (A3 + t * (A4 + t * A5))));
        return x < 0f ? tail : 1f - tail;
    }
}
