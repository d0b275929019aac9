package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * One step of an optimiser on one parameter. What changes from step to step comes in {@code step}, because a device
 * freezes scalars: [0] learning rate, [1] gradient scale (clipping), [2] 1/(1 − beta1^t), [3] 1/sqrt(1 − beta2^t).
 * The arithmetic follows PyTorch's, so that its golden values can be met.
 */
public final class Update {
    private Update() {}

    /** SGD with momentum and L2 decay: g += decay·w; v = momentum·v + g; w −= rate·v, or rate·(g + momentum·v) if nesterov. */
    public static void sgd(
            float[] w,
            float[] v,
            float[] g,
            float[] step,
            float momentum,
            float decay,
            int nesterov,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            float gradient = g[e] * step[1] + decay * w[e];
            float velocity = momentum * v[e] + gradient;
            v[e] = velocity;
            float direction = nesterov == 1 ? gradient + momentum * velocity : velocity;
            w[e] = w[e] - step[0] * direction;
        }
    }

    /**
     * Adam with L2 decay inside the gradient ({@code decay}) and decoupled decay outside it ({@code decoupled}, AdamW).
     * m and v are the first and second moments.
     */
    public static void adam(
            float[] w,
            float[] m,
            float[] v,
            float[] g,
            float[] step,
            float beta1,
            float beta2,
            float epsilon,
            float decay,
            float decoupled,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            float weight = w[e] - step[0] * decoupled * w[e];
            float gradient = g[e] * step[1] + decay * weight;
            float m1 = m[e] + (1f - beta1) * (gradient - m[e]);
            float v1 = beta2 * v[e] + (1f - beta2) * gradient * gradient;
            m[e] = m1;
            v[e] = v1;
            float size = TornadoMath.sqrt(v1) * step[3] + epsilon;
            w[e] = weight - step[0] * step[2] * m1 / size;
        }
    }
}
