package org.espalier.kernels.tuned;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * {@link org.espalier.kernels.Attend#cached} with a group for each (sequence, head): its work items score a key each, then sum the values
 * over these keys, a few dimensions each, with a running maximum and sum as in {@link GroupAttend}.
 */
public final class GroupAttendCached {
    /** Work items of a group, and keys that it takes at a time; a power of two. */
    public static final int ITEMS = 128;

    /** Heads can't be wider. */
    public static final int MOST_DIM = 2 * ITEMS;

    private static final float LOWEST = -3e38f;

    private GroupAttendCached() {}

    /** One new token per sequence, whose key and value the first head of those that share them writes down. */
    public static void forward(
            KernelContext context,
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
            int count) {
        float[] scores = context.allocateFloatLocalArray(ITEMS);
        float[] tree = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int group = context.groupIdx;
        int sequence = group / heads;
        int head = group % heads;
        int sharers = heads / keyHeads;
        int row = keyHeads * dim;
        int key = sequence * room * row + head / sharers * dim;
        int own = (sequence * keyHeads + head / sharers) * dim;
        int query = group * dim;
        int last = position[0];
        int from = 0;
        if (window > 0) from = TornadoMath.max(0, last - window + 1);
        if (head % sharers == 0) {
            for (int d = item; d < dim; d += ITEMS) {
                keys[key + last * row + d] = k[own + d];
                values[key + last * row + d] = v[own + d];
            }
        }
        float top = LOWEST;
        float sum = 0f;
        float low = 0f;
        float high = 0f;
        for (int block = from; block <= last; block += ITEMS) {
            int j = block + item;
            float score = LOWEST;
            if (j < last) {
                float dot = 0f;
                for (int d = 0; d < dim; d++) dot += q[query + d] * keys[key + j * row + d];
                score = scale * dot;
            }
            if (j == last) {
                float dot = 0f;
                for (int d = 0; d < dim; d++) dot += q[query + d] * k[own + d];
                score = scale * dot;
            }
            tree[item] = score;
            context.localBarrier();
            for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
                if (item < apart) tree[item] = TornadoMath.max(tree[item], tree[item + apart]);
                context.localBarrier();
            }
            float next = TornadoMath.max(top, tree[0]);
            context.localBarrier();
            float share = 0f;
            if (j <= last) share = TornadoMath.exp(score - next);
            scores[item] = share;
            tree[item] = share;
            context.localBarrier();
            for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
                if (item < apart) tree[item] = tree[item] + tree[item + apart];
                context.localBarrier();
            }
            float shrink = TornadoMath.exp(top - next);
            sum = sum * shrink + tree[0];
            low = low * shrink;
            high = high * shrink;
            int end = TornadoMath.min(ITEMS, last - block);
            if (item < dim) {
                for (int c = 0; c < end; c++) low += scores[c] * values[key + (block + c) * row + item];
                if (last - block < ITEMS) low += scores[last - block] * v[own + item];
            }
            if (item + ITEMS < dim) {
                for (int c = 0; c < end; c++) high += scores[c] * values[key + (block + c) * row + item + ITEMS];
                if (last - block < ITEMS) high += scores[last - block] * v[own + item + ITEMS];
            }
            top = next;
            context.localBarrier();
        }
        if (item < dim) out[query + item] = low / sum;
        if (item + ITEMS < dim) out[query + item + ITEMS] = high / sum;
    }
}
