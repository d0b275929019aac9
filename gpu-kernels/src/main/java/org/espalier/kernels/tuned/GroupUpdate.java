package org.espalier.kernels.tuned;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * {@link org.espalier.kernels.Update} with {@link #EACH} weights for each work item, which are a group's width apart: neighbours read
 * neighbours, and several reads are under way at a time.
 */
public final class GroupUpdate {
    /** Work items of a group. */
    public static final int ITEMS = 256;

    /** Weights of a work item. */
    public static final int EACH = 4;

    private GroupUpdate() {}

    /** SGD with momentum and L2 decay. */
    public static void sgd(
            KernelContext context,
            float[] w,
            float[] v,
            float[] g,
            float[] step,
            float momentum,
            float decay,
            int nesterov,
            int count) {
        int item = context.localIdx;
        int start = context.groupIdx * ITEMS * EACH + item;
        float rate = step[0];
        float clip = step[1];
        for (int i = 0; i < EACH; i++) {
            int e = start + i * ITEMS;
            if (e < count) {
                float gradient = g[e] * clip + decay * w[e];
                float velocity = momentum * v[e] + gradient;
                v[e] = velocity;
                float direction = velocity;
                if (nesterov == 1) direction = gradient + momentum * velocity;
                w[e] = w[e] - rate * direction;
            }
        }
    }

    /** Adam with L2 decay inside the gradient ({@code decay}) and decoupled decay outside it ({@code decoupled}, AdamW). */
    public static void adam(
            KernelContext context,
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
            int count) {
        int item = context.localIdx;
        int start = context.groupIdx * ITEMS * EACH + item;
        float rate = step[0];
        float clip = step[1];
        float first = step[2];
        float second = step[3];
        for (int i = 0; i < EACH; i++) {
            int e = start + i * ITEMS;
            if (e < count) {
                float weight = w[e] - rate * decoupled * w[e];
                float gradient = g[e] * clip + decay * weight;
                float m1 = m[e] + (1f - beta1) * (gradient - m[e]);
                float v1 = beta2 * v[e] + (1f - beta2) * gradient * gradient;
                m[e] = m1;
                v[e] = v1;
                float size = TornadoMath.sqrt(v1) * second + epsilon;
                w[e] = weight - rate * first * m1 / size;
            }
        }
    }
}
