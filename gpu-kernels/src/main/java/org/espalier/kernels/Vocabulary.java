package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Softmax cross-entropy over so many classes that the logits of all tokens are never held at once. hidden is (n, width), head
 * (classes, width). For a loss alone the classes are scanned in tiles; for gradients the tokens are taken in chunks, of which
 * one starts at token {@code from} and has its logits (tokens, classes) in a buffer.
 */
public final class Vocabulary {
    private Vocabulary() {}

    /**
     * parts (ceil(classes / tile), n, 4): of each tile and token the largest logit, the sum of exponentials of distances to
     * it, its class (the first of equals), and the label's logit or 0 where it lies in another tile. The slice runs over tiles.
     */
    public static void scan(
            float[] parts,
            float[] hidden,
            float[] head,
            int[] labels,
            int n,
            int classes,
            int width,
            int tile,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int t = 0; t < n; t++) {
                int start = (first + i) * tile;
                int end = TornadoMath.min(start + tile, classes);
                float top = dot(hidden, t * width, head, start * width, width);
                float own = labels[t] == start ? top : 0f;
                float sum = 1f;
                int best = start;
                for (int c = start + 1; c < end; c++) {
                    float z = dot(hidden, t * width, head, c * width, width);
                    if (z > top) {
                        sum = sum * TornadoMath.exp(top - z) + 1f;
                        top = z;
                        best = c;
                    } else {
                        sum += TornadoMath.exp(z - top);
                    }
                    if (labels[t] == c) own = z;
                }
                int at = ((first + i) * n + t) * 4;
                parts[at] = top;
                parts[at + 1] = sum;
                parts[at + 2] = best;
                parts[at + 3] = own;
            }
        }
    }

    /** losses[t] = weights[t] · −log probability of the label, correct[t] = 1 where it has the largest logit; over tokens. */
    public static void settle(
            float[] losses,
            float[] correct,
            float[] parts,
            int[] labels,
            float[] weights,
            int n,
            int tiles,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int t = first + i;
            float top = parts[t * 4];
            float best = parts[t * 4 + 2];
            for (int k = 1; k < tiles; k++) {
                int at = (k * n + t) * 4;
                best = parts[at] > top ? parts[at + 2] : best;
                top = TornadoMath.max(top, parts[at]);
            }
            float sum = 0f;
            float own = 0f;
            for (int k = 0; k < tiles; k++) {
                int at = (k * n + t) * 4;
                sum += parts[at + 1] * TornadoMath.exp(parts[at] - top);
                own += parts[at + 3];
            }
            losses[t] = weights[t] == 0f ? 0f : weights[t] * (TornadoMath.log(sum) - (own - top));
            correct[t] = best == labels[t] ? 1f : 0f;
        }
    }

    /** logits (tokens, classes) = hidden[from …] · headᵀ; the slice runs over classes. */
    public static void logits(
            float[] logits,
            float[] hidden,
            float[] head,
            int from,
            int tokens,
            int classes,
            int width,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int t = 0; t < tokens; t++) {
                int c = first + i;
                logits[t * classes + c] = dot(hidden, (from + t) * width, head, c * width, width);
            }
        }
    }

    /** Turns the chunk's logits into their gradients, weight · (softmax − one-hot), and gives losses and correct; over tokens. */
    public static void slope(
            float[] logits,
            float[] losses,
            float[] correct,
            int[] labels,
            float[] weights,
            int from,
            int classes,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int row = (first + i) * classes;
            int t = from + first + i;
            float top = logits[row];
            int best = 0;
            for (int c = 1; c < classes; c++) {
                float z = logits[row + c];
                if (z > top) {
                    top = z;
                    best = c;
                }
            }
            float own = logits[row + labels[t]];
            float sum = 0f;
            for (int c = 0; c < classes; c++) {
                float p = TornadoMath.exp(logits[row + c] - top);
                logits[row + c] = p;
                sum += p;
            }
            float factor = weights[t] / sum;
            for (int c = 0; c < classes; c++) logits[row + c] = logits[row + c] * factor;
            logits[row + labels[t]] = logits[row + labels[t]] - weights[t];
            losses[t] = weights[t] == 0f ? 0f : weights[t] * (TornadoMath.log(sum) - (own - top));
            correct[t] = best == labels[t] ? 1f : 0f;
        }
    }

    /** dhidden[from + t] = slopes[t] (classes) · head, or added to it; the slice runs over the chunk's tokens. */
    public static void hiddenGrad(
            float[] dhidden,
            float[] slopes,
            float[] head,
            int from,
            int classes,
            int width,
            int keep,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int j = 0; j < width; j++) {
                int row = (first + i) * classes;
                float sum = 0f;
                for (int c = 0; c < classes; c++) sum += slopes[row + c] * head[c * width + j];
                int at = (from + first + i) * width + j;
                float before = keep == 1 ? dhidden[at] : 0f;
                dhidden[at] = before + sum;
            }
        }
    }

    /** dhead = slopesᵀ · hidden[from …], or added to it; the slice runs over classes. */
    public static void headGrad(
            float[] dhead,
            float[] slopes,
            float[] hidden,
            int from,
            int tokens,
            int classes,
            int width,
            int keep,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            for (@Parallel int j = 0; j < width; j++) {
                int c = first + i;
                float sum = 0f;
                for (int t = 0; t < tokens; t++) sum += slopes[t * classes + c] * hidden[(from + t) * width + j];
                float before = keep == 1 ? dhead[c * width + j] : 0f;
                dhead[c * width + j] = before + sum;
            }
        }
    }

    private static float dot(float[] a, int atA, float[] b, int atB, int width) {
        float sum = 0f;
        for (int j = 0; j < width; j++) sum += a[atA + j] * b[atB + j];
        return sum;
    }
}
