package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Units that let x through by σ(slope·(x + cubic·x³)), where σ is the logistic function: SiLU has slope 1 and no cubic part,
 * and the tanh form of GELU is the same function with slope 2·√(2/π) and cubic 0.044715 (Hendrycks and Gimpel 2016).
 */
public final class Gated {
    private Gated() {}

    /** y = gate · σ(slope·(gate + cubic·gate³)) · up (Shazeer 2020). */
    public static void forward(float[] y, float[] gate, float[] up, float slope, float cubic, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            y[e] = gate[e] * open(gate[e], slope, cubic) * up[e];
        }
    }

    /** The gradients of both factors of {@link #forward}; each has its own {@code keep}. */
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
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            float x = gate[e];
            float open = open(x, slope, cubic);
            float beforeGate = keepGate == 1 ? dgate[e] : 0f;
            float beforeUp = keepUp == 1 ? dup[e] : 0f;
            dgate[e] = beforeGate + dy[e] * up[e] * steepness(x, open, slope, cubic);
            dup[e] = beforeUp + dy[e] * x * open;
        }
    }

    /** y = x · σ(slope·(x + cubic·x³)). */
    public static void alone(float[] y, float[] x, float slope, float cubic, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            y[e] = x[e] * open(x[e], slope, cubic);
        }
    }

    /** dx of {@link #alone}. */
    public static void aloneGrad(
            float[] dx, float[] dy, float[] x, float slope, float cubic, int keep, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            float before = keep == 1 ? dx[e] : 0f;
            dx[e] = before + dy[e] * steepness(x[e], open(x[e], slope, cubic), slope, cubic);
        }
    }

    private static float open(float x, float slope, float cubic) {
        return 1f / (1f + TornadoMath.exp(-slope * (x + cubic * x * x * x)));
    }

    /** The derivative of x · open. */
    private static float steepness(float x, float open, float slope, float cubic) {
        return open + x * open * (1f - open) * slope * (1f + 3f * cubic * x * x);
    }
}
