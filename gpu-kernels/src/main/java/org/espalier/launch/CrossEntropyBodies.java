package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.espalier.kernels.CrossEntropy;

/**
 * Vector body of {@link CrossEntropy#forward}. Where the examples are neighbours, or there are few classes, each lane is an
 * example; otherwise the lanes run along the classes of one example.
 */
public final class CrossEntropyBodies {
    /** With so many classes a row fills vectors by itself. */
    private static final int LONG_ROW = 128;

    private CrossEntropyBodies() {}

    /** {@link CrossEntropy#forward}. */
    public static void forward(
            float[] losses,
            float[] correct,
            float[] probabilities,
            float[] logits,
            int[] labels,
            float[] weights,
            int classes,
            int classStride,
            int exampleStride,
            int first,
            int count) {
        int end = first + count, e = first;
        if (classStride == 1 && classes >= LONG_ROW) {
            for (; e < end; e++) {
                int row = e * exampleStride;
                float top = top(logits, row, classes);
                float sum = exponentials(probabilities, logits, row, classes, top);
                finish(losses, correct, logits, labels, weights, row, 1, classes, e, top, sum);
            }
            return;
        }
        int[] steps = new int[LENGTH];
        for (int i = 0; i < LENGTH; i++) steps[i] = i * exampleStride;
        float[] tops = new float[LENGTH], sums = new float[LENGTH];
        for (; e + LENGTH <= end; e += LENGTH) {
            side(probabilities, logits, classes, classStride, exampleStride, e, steps, tops, sums);
            for (int i = 0; i < LENGTH; i++)
                finish(
                        losses,
                        correct,
                        logits,
                        labels,
                        weights,
                        (e + i) * exampleStride,
                        classStride,
                        classes,
                        e + i,
                        tops[i],
                        sums[i]);
        }
        CrossEntropy.forward(
                losses,
                correct,
                probabilities,
                logits,
                labels,
                weights,
                classes,
                classStride,
                exampleStride,
                e,
                end - e);
    }

    /** Loss and correctness of one example, given its largest logit and the sum of exponentials of distances to it. */
    private static void finish(
            float[] losses,
            float[] correct,
            float[] logits,
            int[] labels,
            float[] weights,
            int row,
            int classStride,
            int classes,
            int e,
            float top,
            float sum) {
        float own = logits[row + labels[e] * classStride];
        losses[e] = weights[e] == 0f ? 0f : weights[e] * ((float) Math.log(sum) - (own - top));
        boolean best = own == top;
        for (int c = 0; best && c < labels[e]; c++) best = logits[row + c * classStride] != top;
        correct[e] = best ? 1f : 0f;
    }

    /** Softmax of {@code LENGTH} examples side by side. */
    private static void side(
            float[] probabilities,
            float[] logits,
            int classes,
            int classStride,
            int exampleStride,
            int e,
            int[] steps,
            float[] tops,
            float[] sums) {
        boolean near = exampleStride == 1;
        int row = e * exampleStride;
        FloatVector top = load(logits, row, steps, near);
        for (int c = 1; c < classes; c++) {
            FloatVector z = load(logits, row + c * classStride, steps, near);
            VectorMask<Float> larger = z.compare(VectorOperators.GT, top);
            top = top.blend(z, larger);
        }
        FloatVector sum = FloatVector.zero(S);
        for (int c = 0; c < classes; c++) {
            FloatVector p =
                    Exp.of(load(logits, row + c * classStride, steps, near).sub(top));
            sum = sum.add(p);
            store(p, probabilities, row + c * classStride, steps, near);
        }
        for (int c = 0; c < classes; c++) {
            int at = row + c * classStride;
            store(load(probabilities, at, steps, near).div(sum), probabilities, at, steps, near);
        }
        top.intoArray(tops, 0);
        sum.intoArray(sums, 0);
    }

    private static FloatVector load(float[] from, int at, int[] steps, boolean near) {
        return near ? FloatVector.fromArray(S, from, at) : FloatVector.fromArray(S, from, at, steps, 0);
    }

    private static void store(FloatVector v, float[] to, int at, int[] steps, boolean near) {
        if (near) v.intoArray(to, at);
        else v.intoArray(to, at, steps, 0);
    }

    private static float top(float[] logits, int row, int classes) {
        FloatVector tops = FloatVector.fromArray(S, logits, row);
        int c = LENGTH;
        for (; c + LENGTH <= classes; c += LENGTH) tops = tops.max(FloatVector.fromArray(S, logits, row + c));
        float top = tops.reduceLanes(VectorOperators.MAX); // any order gives the same bits
        for (; c < classes; c++) top = Math.max(top, logits[row + c]);
        return top;
    }

    private static float exponentials(float[] probabilities, float[] logits, int row, int classes, float top) {
        FloatVector sums = FloatVector.zero(S);
        int c = 0;
        for (; c + LENGTH <= classes; c += LENGTH) {
            FloatVector p = Exp.of(FloatVector.fromArray(S, logits, row + c).sub(top));
            sums = sums.add(p);
            p.intoArray(probabilities, row + c);
        }
        float sum = Lanes.sum(sums);
        for (; c < classes; c++) {
            probabilities[row + c] = Exp.of(logits[row + c] - top);
            sum += probabilities[row + c];
        }
        for (c = 0; c + LENGTH <= classes; c += LENGTH)
            FloatVector.fromArray(S, probabilities, row + c).div(sum).intoArray(probabilities, row + c);
        for (; c < classes; c++) probabilities[row + c] /= sum;
        return sum;
    }
}
