package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Softmax cross-entropy with a weight per example. Class {@code c} of example {@code e} lies at
 * {@code c·classStride + e·exampleStride}. The slice runs over examples.
 */
public final class CrossEntropy {
    private CrossEntropy() {}

    /**
     * probabilities = softmax(logits), losses[e] = weights[e] · −log probability of the label, and correct[e] = 1 where the
     * label has the largest logit (the first of equals). Examples of weight 0 lose 0.
     */
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
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            int row = e * exampleStride;
            float top = logits[row];
            int best = 0;
            for (int c = 1; c < classes; c++) {
                float z = logits[row + c * classStride];
                if (z > top) {
                    top = z;
                    best = c;
                }
            }
            float sum = 0f;
            for (int c = 0; c < classes; c++) {
                float p = TornadoMath.exp(logits[row + c * classStride] - top);
                probabilities[row + c * classStride] = p;
                sum += p;
            }
            for (int c = 0; c < classes; c++) {
                int at = row + c * classStride;
                probabilities[at] = probabilities[at] / sum;
            }
            int label = labels[e];
            float loss = TornadoMath.log(sum) - (logits[row + label * classStride] - top);
            losses[e] = weights[e] == 0f ? 0f : weights[e] * loss;
            correct[e] = best == label ? 1f : 0f;
        }
    }

    /** dlogits = weights[e] · (probabilities − one-hot of the label). */
    public static void grad(
            float[] dlogits,
            float[] probabilities,
            int[] labels,
            float[] weights,
            int classes,
            int classStride,
            int exampleStride,
            int keep,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            for (int c = 0; c < classes; c++) {
                int at = e * exampleStride + c * classStride;
                float before = keep == 1 ? dlogits[at] : 0f;
                float target = labels[e] == c ? 1f : 0f;
                dlogits[at] = before + weights[e] * (probabilities[at] - target);
            }
        }
    }

    /** total[0] = sum of losses, in order: one slice, so one order. */
    public static void total(float[] total, float[] losses, int examples, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            float sum = 0f;
            for (int e = 0; e < examples; e++) sum += losses[e];
            total[first + i] = sum;
        }
    }
}
