package org.espalier.kernels.tuned;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * {@link org.espalier.kernels.Attend} by blocks of {@link #BLOCK} queries and as many keys, one pair of them for each work item. Keys and
 * values of a block are read into local memory and serve all queries of the group; the softmax goes along with a running maximum and
 * sum (Milakov and Gimelshein 2018; Dao et al. 2022), so that no row of scores is ever held as a whole.
 */
public final class GroupAttend {
    /** Queries of a group, and keys that it takes at a time. */
    public static final int BLOCK = 16;

    /** Work items of a group. */
    public static final int ITEMS = BLOCK * BLOCK;

    /** Heads can't be wider: more does not fit into local memory. */
    public static final int MOST_DIM = 256;

    private static final int MOST_OWN = MOST_DIM / BLOCK;
    private static final int ROW = BLOCK + 1;
    private static final float LOWEST = -3e38f;

    private GroupAttend() {}

    /** out = softmax(scale · q·kᵀ) · v, and logs; a group for each (sequence, head) and block of queries. */
    public static void forward(
            KernelContext context,
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
            int count) {
        float[] tile = context.allocateFloatLocalArray(BLOCK * (MOST_DIM + 1));
        float[] scores = context.allocateFloatLocalArray(BLOCK * ROW);
        float[] shares = context.allocateFloatLocalArray(BLOCK * ROW);
        float[] own = new float[MOST_OWN];
        int item = context.localIdx;
        int group = context.groupIdx;
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
        for (int m = 0; m < MOST_OWN; m++) own[m] = 0f;
        float top = LOWEST;
        float sum = 0f;
        for (int block = low; block < high; block += BLOCK) {
            for (int e = item; e < BLOCK * dim; e += ITEMS) {
                int j = TornadoMath.min(block + e / dim, length - 1);
                tile[e / dim * (dim + 1) + e % dim] = k[key + j * row + e % dim];
            }
            context.localBarrier();
            float score = LOWEST;
            if (block + x >= from && block + x < to) {
                float dot = 0f;
                for (int d = 0; d < dim; d++) dot += q[query + d] * tile[x * (dim + 1) + d];
                score = scale * dot;
            }
            scores[y * ROW + x] = score;
            context.localBarrier();
            float next = top;
            for (int c = 0; c < BLOCK; c++) next = TornadoMath.max(next, scores[y * ROW + c]);
            float share = 0f;
            if (block + x >= from && block + x < to) share = TornadoMath.exp(score - next);
            shares[y * ROW + x] = share;
            for (int e = item; e < BLOCK * dim; e += ITEMS) {
                int j = TornadoMath.min(block + e / dim, length - 1);
                tile[e / dim * (dim + 1) + e % dim] = v[key + j * row + e % dim];
            }
            context.localBarrier();
            float shrink = TornadoMath.exp(top - next);
            sum = sum * shrink;
            for (int c = 0; c < BLOCK; c++) sum += shares[y * ROW + c];
            for (int m = 0; m < MOST_OWN; m++) {
                int d = x + m * BLOCK;
                if (d < dim) {
                    float total = own[m] * shrink;
                    for (int c = 0; c < BLOCK; c++) total += shares[y * ROW + c] * tile[c * (dim + 1) + d];
                    own[m] = total;
                }
            }
            top = next;
            context.localBarrier();
        }
        if (start + y < length) {
            for (int m = 0; m < MOST_OWN; m++) {
                int d = x + m * BLOCK;
                if (d < dim) out[query + d] = own[m] / sum;
            }
            if (x == 0) logs[unit * length + i] = top + TornadoMath.log(sum);
        }
    }
}
