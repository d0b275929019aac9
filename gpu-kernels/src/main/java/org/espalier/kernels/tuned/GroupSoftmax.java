package org.espalier.kernels.tuned;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Softmax and what is made of it, a group for each row: work item i takes classes i, i + {@link #ITEMS} … Twins of
 * {@link org.espalier.kernels.CrossEntropy}, {@link org.espalier.kernels.Vocabulary} and {@link org.espalier.kernels.Surprise}.
 */
public final class GroupSoftmax {
    /** Work items of a group; a power of two. */
    public static final int ITEMS = 128;

    private GroupSoftmax() {}

    /** probabilities = softmax(logits), losses[e] = weights[e] · −log probability of the label, and correct[e]; over examples. */
    public static void forward(
            KernelContext context,
            float[] losses,
            float[] correct,
            float[] probabilities,
            float[] logits,
            int[] labels,
            float[] weights,
            int classes,
            int classStride,
            int exampleStride,
            int count) {
        float[] tops = context.allocateFloatLocalArray(ITEMS);
        float[] bests = context.allocateFloatLocalArray(ITEMS);
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int e = context.groupIdx;
        int row = e * exampleStride;
        int best = TornadoMath.min(item, classes - 1);
        float top = logits[row + best * classStride];
        for (int c = item; c < classes; c += ITEMS) {
            float z = logits[row + c * classStride];
            if (z > top) {
                top = z;
                best = c;
            }
        }
        tops[item] = top;
        bests[item] = best;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) {
                float mine = tops[item];
                float other = tops[item + apart];
                float first = bests[item];
                if (other > mine) first = bests[item + apart];
                if (other == mine) first = TornadoMath.min(first, bests[item + apart]);
                bests[item] = first;
                tops[item] = TornadoMath.max(mine, other);
            }
            context.localBarrier();
        }
        float largest = tops[0];
        float sum = 0f;
        for (int c = item; c < classes; c += ITEMS) {
            float p = TornadoMath.exp(logits[row + c * classStride] - largest);
            probabilities[row + c * classStride] = p;
            sum += p;
        }
        sums[item] = sum;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) sums[item] = sums[item] + sums[item + apart];
            context.localBarrier();
        }
        float total = sums[0];
        for (int c = item; c < classes; c += ITEMS) {
            probabilities[row + c * classStride] = probabilities[row + c * classStride] / total;
        }
        if (item == 0) {
            int label = labels[e];
            float loss = 0f;
            if (weights[e] != 0f)
                loss = weights[e] * (TornadoMath.log(total) - (logits[row + label * classStride] - largest));
            losses[e] = loss;
            float right = 0f;
            if (bests[0] == label) right = 1f;
            correct[e] = right;
        }
    }

    /** Turns a chunk's logits into their gradients, weight · (softmax − one-hot), and gives losses and correct; over tokens. */
    public static void slope(
            KernelContext context,
            float[] logits,
            float[] losses,
            float[] correct,
            int[] labels,
            float[] weights,
            int from,
            int classes,
            int count) {
        float[] tops = context.allocateFloatLocalArray(ITEMS);
        float[] bests = context.allocateFloatLocalArray(ITEMS);
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int token = context.groupIdx;
        int row = token * classes;
        int t = from + token;
        int label = labels[t];
        float own = logits[row + label];
        float weight = weights[t];
        int best = TornadoMath.min(item, classes - 1);
        float top = logits[row + best];
        for (int c = item; c < classes; c += ITEMS) {
            float z = logits[row + c];
            if (z > top) {
                top = z;
                best = c;
            }
        }
        tops[item] = top;
        bests[item] = best;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) {
                float mine = tops[item];
                float other = tops[item + apart];
                float first = bests[item];
                if (other > mine) first = bests[item + apart];
                if (other == mine) first = TornadoMath.min(first, bests[item + apart]);
                bests[item] = first;
                tops[item] = TornadoMath.max(mine, other);
            }
            context.localBarrier();
        }
        float largest = tops[0];
        float sum = 0f;
        for (int c = item; c < classes; c += ITEMS) {
            float p = TornadoMath.exp(logits[row + c] - largest);
            logits[row + c] = p;
            sum += p;
        }
        sums[item] = sum;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) sums[item] = sums[item] + sums[item + apart];
            context.localBarrier();
        }
        float total = sums[0];
        float factor = weight / total;
        for (int c = item; c < classes; c += ITEMS) {
            float target = 0f;
            if (c == label) target = weight;
            logits[row + c] = logits[row + c] * factor - target;
        }
        if (item == 0) {
            float loss = 0f;
            if (weight != 0f) loss = weight * (TornadoMath.log(total) - (own - largest));
            losses[t] = loss;
            float right = 0f;
            if (bests[0] == label) right = 1f;
            correct[t] = right;
        }
    }

    /** Of each token of a chunk the cross-entropy of its label and the entropy of its softmax, both in nats. */
    public static void surprise(
            KernelContext context,
            float[] losses,
            float[] entropies,
            float[] logits,
            int[] labels,
            int from,
            int classes,
            int count) {
        float[] tops = context.allocateFloatLocalArray(ITEMS);
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        float[] weighted = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int token = context.groupIdx;
        int row = token * classes;
        float top = logits[row];
        for (int c = item; c < classes; c += ITEMS) top = TornadoMath.max(top, logits[row + c]);
        tops[item] = top;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) tops[item] = TornadoMath.max(tops[item], tops[item + apart]);
            context.localBarrier();
        }
        float largest = tops[0];
        float sum = 0f;
        float along = 0f;
        for (int c = item; c < classes; c += ITEMS) {
            float z = logits[row + c] - largest;
            float p = TornadoMath.exp(z);
            sum += p;
            along += p * z;
        }
        sums[item] = sum;
        weighted[item] = along;
        context.localBarrier();
        for (int apart = ITEMS / 2; apart > 0; apart /= 2) {
            if (item < apart) {
                sums[item] = sums[item] + sums[item + apart];
                weighted[item] = weighted[item] + weighted[item + apart];
            }
            context.localBarrier();
        }
        if (item == 0) {
            float log = TornadoMath.log(sums[0]);
            int t = from + token;
            losses[t] = log - (logits[row + labels[t]] - largest);
            entropies[t] = log - weighted[0] / sums[0];
        }
    }
}
