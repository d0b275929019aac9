package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Bodies of {@link org.espalier.kernels.Vocabulary} by products of tiles, small enough to stay in a core's cache. */
public final class VocabularyBodies {
    /**
     * Tokens whose logits of one tile are held at once by {@link #scan}: in panels so few that they share a core's second cache with the
     * tile, by OpenBLAS so many that it pays to copy the tile again.
     */
    private static final int STRIP = Panels.FIT ? 64 : 512;

    private VocabularyBodies() {}

    /** {@link org.espalier.kernels.Vocabulary#scan}. A tile of the head is laid out once for all tokens: it comes from memory. */
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
        float[] panels = Scratch.floats(1, width * Panels.whole(tile)), z = Scratch.floats(0, STRIP * tile);
        for (int i = first; i < first + count; i++) {
            int start = i * tile, size = Math.min(tile, classes - start);
            if (Panels.FIT) Panels.lay(panels, true, size, width, head, start * width, width);
            for (int from = 0; from < n; from += STRIP) {
                int tokens = Math.min(STRIP, n - from), at = from * width;
                if (Panels.FIT)
                    Panels.multiply(tokens, size, width, hidden, at, width, 1, panels, 0, width, false, z, 0, size);
                else
                    Blas.product(
                            false,
                            true,
                            tokens,
                            size,
                            width,
                            hidden,
                            at,
                            width,
                            head,
                            start * width,
                            width,
                            0f,
                            z,
                            0,
                            size);
                for (int t = 0; t < tokens; t++)
                    look(parts, (i * n + from + t) * 4, z, t * size, size, start, labels[from + t] - start);
            }
        }
    }

    private static void look(float[] parts, int to, float[] z, int row, int size, int start, int label) {
        float top = largest(z, row, size);
        parts[to] = top;
        parts[to + 1] = sum(z, row, size, top);
        parts[to + 2] = start + where(z, row, size, top);
        parts[to + 3] = label >= 0 && label < size ? z[row + label] : 0f;
    }

    static float largest(float[] z, int row, int size) {
        if (size < LENGTH) {
            float top = z[row];
            for (int c = 1; c < size; c++) top = Math.max(top, z[row + c]);
            return top;
        }
        FloatVector tops = FloatVector.fromArray(S, z, row);
        int c = LENGTH;
        for (; c + LENGTH <= size; c += LENGTH) {
            FloatVector next = FloatVector.fromArray(S, z, row + c);
            tops = tops.blend(next, next.compare(VectorOperators.GT, tops)); // a NaN reaches the sum, if not the top
        }
        float top = tops.reduceLanes(VectorOperators.MAX); // any order gives the same bits
        for (; c < size; c++) top = Math.max(top, z[row + c]);
        return top;
    }

    /** The place of the first entry equal to {@code top}; 0 where there is none, as among numbers that are none. */
    private static int where(float[] z, int row, int size, float top) {
        int c = 0;
        for (; c + LENGTH <= size; c += LENGTH) {
            VectorMask<Float> equal = FloatVector.fromArray(S, z, row + c).compare(VectorOperators.EQ, top);
            if (equal.anyTrue()) return c + equal.firstTrue();
        }
        for (; c < size; c++) if (z[row + c] == top) return c;
        return 0;
    }

    /** The sum of exp(z − top). One exponential in a loop: of more the compiler makes objects. */
    private static float sum(float[] z, int row, int size, float top) {
        FloatVector sums = FloatVector.zero(S), tops = FloatVector.broadcast(S, top);
        int c = 0;
        for (; c + LENGTH <= size; c += LENGTH)
            sums = sums.add(Exp.of(FloatVector.fromArray(S, z, row + c).sub(tops)));
        float sum = Lanes.sum(sums);
        for (; c < size; c++) sum += Exp.of(z[row + c] - top);
        return sum;
    }

    /** {@link org.espalier.kernels.Vocabulary#logits}. */
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
        Gemm.product(
                false,
                true,
                tokens,
                count,
                width,
                hidden,
                from * width,
                width,
                head,
                first * width,
                width,
                false,
                logits,
                first,
                classes);
    }

    /** {@link org.espalier.kernels.Vocabulary#slope}. */
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
        for (int i = first; i < first + count; i++) {
            int row = i * classes, t = from + i, label = labels[t];
            float weight = weights[t], top = largest(logits, row, classes), own = logits[row + label];
            correct[t] = own == top && where(logits, row, classes, top) == label ? 1f : 0f;
            float sum = exponentials(logits, row, classes, top);
            scale(logits, row, classes, weight / sum);
            logits[row + label] -= weight;
            losses[t] = weight == 0f ? 0f : weight * ((float) Math.log(sum) - (own - top));
        }
    }

    /** z = exp(z − top), and their sum. */
    private static float exponentials(float[] z, int row, int size, float top) {
        FloatVector sums = FloatVector.zero(S), tops = FloatVector.broadcast(S, top);
        int c = 0;
        for (; c + LENGTH <= size; c += LENGTH) {
            FloatVector p = Exp.of(FloatVector.fromArray(S, z, row + c).sub(tops));
            p.intoArray(z, row + c);
            sums = sums.add(p);
        }
        float sum = Lanes.sum(sums);
        for (; c < size; c++) {
            z[row + c] = Exp.of(z[row + c] - top);
            sum += z[row + c];
        }
        return sum;
    }

    private static void scale(float[] z, int row, int size, float factor) {
        int c = 0;
        for (; c + LENGTH <= size; c += LENGTH)
            FloatVector.fromArray(S, z, row + c).mul(factor).intoArray(z, row + c);
        for (; c < size; c++) z[row + c] *= factor;
    }

    /** {@link org.espalier.kernels.Vocabulary#hiddenGrad}. */
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
        Gemm.product(
                false,
                false,
                count,
                width,
                classes,
                slopes,
                first * classes,
                classes,
                head,
                0,
                width,
                keep == 1,
                dhidden,
                (from + first) * width,
                width);
    }

    /** {@link org.espalier.kernels.Vocabulary#headGrad}. */
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
        Gemm.product(
                true,
                false,
                count,
                width,
                tokens,
                slopes,
                first,
                classes,
                hidden,
                from * width,
                width,
                keep == 1,
                dhead,
                first * width,
                width);
    }
}
