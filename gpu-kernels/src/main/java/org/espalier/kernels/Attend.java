package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Scaled dot-product attention (Vaswani et al. 2017) of sequences of {@code length} tokens, with fewer key than query heads
 * (Ainslie et al. 2023): query head h reads key head h / (heads / keyHeads). Queries and outputs are (tokens, heads·dim), keys
 * and values (tokens, keyHeads·dim), tokens sequence after sequence. With {@code causal} 1, query i sees the keys
 * i − window &lt; j ≤ i (window 0: all j ≤ i), otherwise all.
 */
public final class Attend {
    private Attend() {}

    /**
     * out = softmax(scale · q·kᵀ) · v, and logs (sequences·heads, length): the logarithm of the sum of exponentials by which
     * the gradient finds the probabilities again. The slice runs over (sequence, head).
     */
    public static void forward(
            float[] out,
            float[] logs,
            float[] q,
            float[] k,
            float[] v,
            int heads,
            int keyHeads,
            int dim,
            int length,
            int causal,
            int window,
            float scale,
            int first,
            int count) {
        for (@Parallel int u = 0; u < count; u++) {
            for (@Parallel int i = 0; i < length; i++) {
                int sequence = (first + u) / heads;
                int head = (first + u) % heads;
                int query = ((sequence * length + i) * heads + head) * dim;
                int row = keyHeads * dim;
                int key = sequence * length * row + head / (heads / keyHeads) * dim;
                int from = window > 0 ? TornadoMath.max(0, i - window + 1) : 0;
                int to = causal == 1 ? i + 1 : length;
                float top = scale * dot(q, query, k, key + from * row, dim);
                for (int j = from + 1; j < to; j++)
                    top = TornadoMath.max(top, scale * dot(q, query, k, key + j * row, dim));
                for (int d = 0; d < dim; d++) out[query + d] = 0f;
                float sum = 0f;
                for (int j = from; j < to; j++) {
                    float p = TornadoMath.exp(scale * dot(q, query, k, key + j * row, dim) - top);
                    sum += p;
                    for (int d = 0; d < dim; d++) out[query + d] = out[query + d] + p * v[key + j * row + d];
                }
                for (int d = 0; d < dim; d++) out[query + d] = out[query + d] / sum;
                logs[(first + u) * length + i] = top + TornadoMath.log(sum);
            }
        }
    }

    /**
     * The gradients of queries, keys and values; the slice runs over (sequence, key head), because the heads of a group share
     * keys. {@code shape} is {heads, keyHeads, dim, length, causal, window}, {@code keep} one number each for dq, dk and dv.
     */
    public static void grad(
            float[] dq,
            float[] dk,
            float[] dv,
            float[] dout,
            float[] out,
            float[] logs,
            float[] q,
            float[] k,
            float[] v,
            int[] shape,
            int[] keep,
            float scale,
            int first,
            int count) {
        for (@Parallel int u = 0; u < count; u++) {
            int heads = shape[0];
            int keyHeads = shape[1];
            int dim = shape[2];
            int length = shape[3];
            int group = heads / keyHeads;
            int row = keyHeads * dim;
            int sequence = (first + u) / keyHeads;
            int keyHead = (first + u) % keyHeads;
            int key = sequence * length * row + keyHead * dim;
            for (int j = 0; j < length; j++) {
                for (int d = 0; d < dim; d++) {
                    if (keep[1] == 0) dk[key + j * row + d] = 0f;
                    if (keep[2] == 0) dv[key + j * row + d] = 0f;
                }
            }
            for (int h = keyHead * group; h < (keyHead + 1) * group; h++) {
                for (int i = 0; i < length; i++) {
                    int query = ((sequence * length + i) * heads + h) * dim;
                    float log = logs[(sequence * heads + h) * length + i];
                    float level = dot(dout, query, out, query, dim);
                    int from = shape[5] > 0 ? TornadoMath.max(0, i - shape[5] + 1) : 0;
                    int to = shape[4] == 1 ? i + 1 : length;
                    for (int d = 0; d < dim && keep[0] == 0; d++) dq[query + d] = 0f;
                    for (int j = from; j < to; j++) {
                        int at = key + j * row;
                        float p = TornadoMath.exp(scale * dot(q, query, k, at, dim) - log);
                        float ds = scale * p * (dot(dout, query, v, at, dim) - level);
                        for (int d = 0; d < dim; d++) {
                            dq[query + d] = dq[query + d] + ds * k[at + d];
                            dk[at + d] = dk[at + d] + ds * q[query + d];
                            dv[at + d] = dv[at + d] + p * dout[query + d];
                        }
                    }
                }
            }
        }
    }

    /**
     * One new token per sequence, at position[0]: its key and value (sequences, keyHeads·dim) are written into keys and values
     * (sequences, room, keyHeads·dim), and out (sequences, heads·dim) is what the new token sees. The slice runs over
     * (sequence, key head).
     */
    public static void cached(
            float[] out,
            float[] keys,
            float[] values,
            float[] q,
            float[] k,
            float[] v,
            int[] position,
            int heads,
            int keyHeads,
            int dim,
            int room,
            int window,
            float scale,
            int first,
            int count) {
        for (@Parallel int u = 0; u < count; u++) {
            int sequence = (first + u) / keyHeads;
            int keyHead = (first + u) % keyHeads;
            int row = keyHeads * dim;
            int key = sequence * room * row + keyHead * dim;
            int own = (first + u) * dim;
            for (int d = 0; d < dim; d++) {
                keys[key + position[0] * row + d] = k[own + d];
                values[key + position[0] * row + d] = v[own + d];
            }
            int from = window > 0 ? TornadoMath.max(0, position[0] - window + 1) : 0;
            int group = heads / keyHeads;
            for (int h = keyHead * group; h < (keyHead + 1) * group; h++) {
                int query = (sequence * heads + h) * dim;
                float top = scale * dot(q, query, keys, key + from * row, dim);
                for (int j = from + 1; j <= position[0]; j++)
                    top = TornadoMath.max(top, scale * dot(q, query, keys, key + j * row, dim));
                for (int d = 0; d < dim; d++) out[query + d] = 0f;
                float sum = 0f;
                for (int j = from; j <= position[0]; j++) {
                    float p = TornadoMath.exp(scale * dot(q, query, keys, key + j * row, dim) - top);
                    sum += p;
                    for (int d = 0; d < dim; d++) out[query + d] = out[query + d] + p * values[key + j * row + d];
                }
                for (int d = 0; d < dim; d++) out[query + d] = out[query + d] / sum;
            }
        }
    }

    private static float dot(float[] a, int atA, float[] b, int atB, int dim) {
        float sum = 0f;
        for (int d = 0; d < dim; d++) sum += a[atA + d] * b[atB + d];
        return sum;
    }
}
