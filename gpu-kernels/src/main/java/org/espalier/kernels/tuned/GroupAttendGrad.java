package org.espalier.kernels.tuned;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * The gradient of {@link org.espalier.kernels.Attend} by blocks of {@link #BLOCK} queries and as many keys, one pair of them for each work
 * item, in two kernels: that of the queries, for which a group goes over the keys, and that of the keys and values, for which a group
 * goes over the queries of all heads that share them. Nothing is added by two groups.
 */
public final class GroupAttendGrad {
    /** Queries of a group, and keys that it takes at a time, or the other way round. */
    public static final int BLOCK = 16;

    /** Work items of a group. */
    public static final int ITEMS = BLOCK * BLOCK;

    /** Heads can't be wider: more does not fit into local memory. */
    public static final int MOST_DIM = 256;

    private static final int MOST_OWN = MOST_DIM / BLOCK;
    private static final int ROW = BLOCK + 1;

    private GroupAttendGrad() {}

    /** dq; a group for each (sequence, head) and block of queries. */
    public static void queries(
            KernelContext context,
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
            int count) {
        float[] keys = context.allocateFloatLocalArray(BLOCK * (MOST_DIM + 1));
        float[] values = context.allocateFloatLocalArray(BLOCK * (MOST_DIM + 1));
        float[] slopes = context.allocateFloatLocalArray(BLOCK * ROW);
        float[] own = new float[MOST_OWN];
        int item = context.localIdx;
        int group = context.groupIdx;
        int heads = shape[0];
        int keyHeads = shape[1];
        int dim = shape[2];
        int length = shape[3];
        int causal = shape[4];
        int window = shape[5];
        int blocks = (length + BLOCK - 1) / BLOCK;
        int unit = group / blocks;
        int start = group % blocks * BLOCK;
        int sequence = unit / heads;
        int head = unit % heads;
        int y = item / BLOCK;
        int x = item % BLOCK;
        int i = TornadoMath.min(start + y, length - 1);
        int query = ((sequence * length + i) * heads + head) * dim;
        int row = keyHeads * dim;
        int key = sequence * length * row + head / (heads / keyHeads) * dim;
        int from = 0;
        int low = 0;
        if (window > 0) {
            from = TornadoMath.max(0, i - window + 1);
            low = TornadoMath.max(0, start - window + 1);
        }
        int to = length;
        int high = length;
        if (causal == 1) {
            to = i + 1;
            high = TornadoMath.min(start + BLOCK, length);
        }
        float log = logs[unit * length + i];
        float level = 0f;
        for (int d = 0; d < dim; d++) level += dout[query + d] * out[query + d];
        for (int m = 0; m < MOST_OWN; m++) own[m] = 0f;
        for (int block = low; block < high; block += BLOCK) {
            for (int e = item; e < BLOCK * dim; e += ITEMS) {
                int at = key + TornadoMath.min(block + e / dim, length - 1) * row + e % dim;
                keys[e / dim * (dim + 1) + e % dim] = k[at];
                values[e / dim * (dim + 1) + e % dim] = v[at];
            }
            context.localBarrier();
            float slope = 0f;
            if (block + x >= from && block + x < to) {
                float score = 0f;
                float gain = 0f;
                for (int d = 0; d < dim; d++) {
                    score += q[query + d] * keys[x * (dim + 1) + d];
                    gain += dout[query + d] * values[x * (dim + 1) + d];
                }
                slope = scale * TornadoMath.exp(scale * score - log) * (gain - level);
            }
            slopes[y * ROW + x] = slope;
            context.localBarrier();
            for (int m = 0; m < MOST_OWN; m++) {
                int d = x + m * BLOCK;
                if (d < dim) {
                    float total = own[m];
                    for (int c = 0; c < BLOCK; c++) total += slopes[y * ROW + c] * keys[c * (dim + 1) + d];
                    own[m] = total;
                }
            }
            context.localBarrier();
        }
        if (start + y < length) {
            for (int m = 0; m < MOST_OWN; m++) {
                int d = x + m * BLOCK;
                if (d < dim) {
                    float before = 0f;
                    if (keep[0] != 0) before = dq[query + d];
                    dq[query + d] = before + own[m];
                }
            }
        }
    }

    /** dk and dv; a group for each (sequence, key head) and block of keys. */
    public static void keys(
            KernelContext context,
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
            int count) {
        float[] queries = context.allocateFloatLocalArray(BLOCK * (MOST_DIM + 1));
        float[] douts = context.allocateFloatLocalArray(BLOCK * (MOST_DIM + 1));
        float[] slopes = context.allocateFloatLocalArray(BLOCK * ROW);
        float[] shares = context.allocateFloatLocalArray(BLOCK * ROW);
        float[] ownKey = new float[MOST_OWN];
        float[] ownValue = new float[MOST_OWN];
        int item = context.localIdx;
        int group = context.groupIdx;
        int heads = shape[0];
        int keyHeads = shape[1];
        int dim = shape[2];
        int length = shape[3];
        int causal = shape[4];
        int window = shape[5];
        int blocks = (length + BLOCK - 1) / BLOCK;
        int unit = group / blocks;
        int start = group % blocks * BLOCK;
        int sequence = unit / keyHeads;
        int keyHead = unit % keyHeads;
        int y = item / BLOCK;
        int x = item % BLOCK;
        int j = TornadoMath.min(start + y, length - 1);
        int key = (sequence * length + j) * keyHeads * dim + keyHead * dim;
        int low = 0;
        if (causal == 1) low = start;
        int high = length;
        if (window > 0) high = TornadoMath.min(length, start + BLOCK + window - 1);
        int sharers = heads / keyHeads;
        for (int m = 0; m < MOST_OWN; m++) {
            ownKey[m] = 0f;
            ownValue[m] = 0f;
        }
        for (int h = keyHead * sharers; h < (keyHead + 1) * sharers; h++) {
            for (int block = low; block < high; block += BLOCK) {
                for (int e = item; e < BLOCK * dim; e += ITEMS) {
                    int i = TornadoMath.min(block + e / dim, length - 1);
                    int at = ((sequence * length + i) * heads + h) * dim + e % dim;
                    queries[e / dim * (dim + 1) + e % dim] = q[at];
                    douts[e / dim * (dim + 1) + e % dim] = dout[at];
                }
                int mine = TornadoMath.min(block + x, length - 1);
                float part = 0f;
                int query = ((sequence * length + mine) * heads + h) * dim;
                for (int d = y; d < dim; d += BLOCK) part += dout[query + d] * out[query + d];
                slopes[y * ROW + x] = part;
                context.localBarrier();
                float level = 0f;
                for (int c = 0; c < BLOCK; c++) level += slopes[c * ROW + x];
                context.localBarrier();
                int first = 0;
                if (window > 0) first = mine - window + 1;
                int last = length;
                if (causal == 1) last = mine;
                float slope = 0f;
                float share = 0f;
                if (block + x < high && j >= first && j <= last) {
                    float score = 0f;
                    float gain = 0f;
                    for (int d = 0; d < dim; d++) {
                        score += k[key + d] * queries[x * (dim + 1) + d];
                        gain += v[key + d] * douts[x * (dim + 1) + d];
                    }
                    share = TornadoMath.exp(scale * score - logs[(sequence * heads + h) * length + mine]);
                    slope = scale * share * (gain - level);
                }
                slopes[y * ROW + x] = slope;
                shares[y * ROW + x] = share;
                context.localBarrier();
                for (int m = 0; m < MOST_OWN; m++) {
                    int d = x + m * BLOCK;
                    if (d < dim) {
                        float ofKey = ownKey[m];
                        float ofValue = ownValue[m];
                        for (int c = 0; c < BLOCK; c++) {
                            ofKey += slopes[y * ROW + c] * queries[c * (dim + 1) + d];
                            ofValue += shares[y * ROW + c] * douts[c * (dim + 1) + d];
                        }
                        ownKey[m] = ofKey;
                        ownValue[m] = ofValue;
                    }
                }
                context.localBarrier();
            }
        }
        if (start + y < length) {
            for (int m = 0; m < MOST_OWN; m++) {
                int d = x + m * BLOCK;
                if (d < dim) {
                    float beforeKey = 0f;
                    float beforeValue = 0f;
                    if (keep[1] != 0) beforeKey = dk[key + d];
                    if (keep[2] != 0) beforeValue = dv[key + d];
                    dk[key + d] = beforeKey + ownKey[m];
                    dv[key + d] = beforeValue + ownValue[m];
                }
            }
        }
    }
}
