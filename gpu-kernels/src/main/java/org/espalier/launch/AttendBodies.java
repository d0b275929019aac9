package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Bodies of {@link org.espalier.kernels.Attend}: blocks of queries are multiplied by the keys that at least one of them sees, and
 * what a single query does not see is blotted out before the exponentials. Keys and values are laid out in {@link Panels} once a head. A
 * head is one unit and always computed alike, so bits do not depend on the cut.
 */
public final class AttendBodies {
    /** Queries multiplied at once: enough for a product, few enough to leave out most of what is masked. */
    private static final int BLOCK = 32;

    private AttendBodies() {}

    /** {@link org.espalier.kernels.Attend#forward}. */
    public static void forward(
            float[] out, float[] logs, float[] q, float[] k, float[] v, Heads s, int first, int count) {
        for (int u = first; u < first + count; u++) {
            int key = key(s, u / s.heads(), s.keyHead(u % s.heads()));
            float[] keys = turned(2, k, key, s), values = laid(3, v, key, s);
            for (int i = 0; i < s.length(); i += BLOCK) block(out, logs, q, keys, values, s, u, i);
        }
    }

    /** Where the first key of a sequence lies. */
    private static int key(Heads s, int sequence, int keyHead) {
        return sequence * s.length() * s.keyWidth() + keyHead * s.dim();
    }

    /** The keys or values of a head as a factor (length, dim). */
    private static float[] laid(int which, float[] x, int at, Heads s) {
        float[] panels = Scratch.floats(which, s.length() * Panels.whole(s.dim()));
        Panels.lay(panels, false, s.dim(), s.length(), x, at, s.keyWidth());
        return panels;
    }

    /** The same as a factor (dim, length). */
    private static float[] turned(int which, float[] x, int at, Heads s) {
        float[] panels = Scratch.floats(which, s.dim() * Panels.whole(s.length()));
        Panels.lay(panels, true, s.length(), s.dim(), x, at, s.keyWidth());
        return panels;
    }

    /** The first key that some of a block's queries see, or one shortly before it, with which a panel begins. */
    private static int from(Heads s, int i) {
        return s.from(i) / Panels.COLUMNS * Panels.COLUMNS;
    }

    private static void block(
            float[] out, float[] logs, float[] q, float[] keys, float[] values, Heads s, int u, int i) {
        int dim = s.dim(), row = s.width(), rows = Math.min(BLOCK, s.length() - i), from = from(s, i);
        int query = (u / s.heads() * s.length() + i) * row + u % s.heads() * dim;
        int seen = s.to(i + rows - 1) - from, width = Panels.whole(seen);
        float[] p = Scratch.floats(0, rows * width), sums = Scratch.floats(1, BLOCK);
        Panels.multiply(rows, width, dim, q, query, row, 1, keys, from * dim, dim, false, p, 0, width);
        for (int r = 0; r < rows; r++) blot(p, r * width, width, s.from(i + r) - from, s.to(i + r) - from);
        soften(p, sums, logs, u * s.length() + i, rows, width, s.scale());
        byRows(false, rows, seen, p, width, values, from, s, out, query, row);
        for (int r = 0; r < rows; r++) scale(out, query + r * row, dim, 1f / sums[r]);
    }

    /** c (rows, dim) = p (rows, seen) · x, where x are the keys or values from {@code from} on. */
    private static void byRows(
            boolean keep,
            int rows,
            int seen,
            float[] p,
            int width,
            float[] x,
            int from,
            Heads s,
            float[] c,
            int to,
            int stride) {
        int at = from * Panels.COLUMNS;
        Panels.multiply(rows, s.dim(), seen, p, 0, width, 1, x, at, s.length(), keep, c, to, stride);
    }

    /** Leaves the products from {@code from} to {@code to} and makes the others impossible. */
    private static void blot(float[] p, int at, int width, int from, int to) {
        if (from > 0) Arrays.fill(p, at, at + from, Float.NEGATIVE_INFINITY);
        if (to < width) Arrays.fill(p, at + to, at + width, Float.NEGATIVE_INFINITY);
    }

    /** The largest product of a row; a NaN beside others may be passed over, but reaches their sum. */
    private static float largest(float[] p, int at, int width) {
        FloatVector tops = FloatVector.fromArray(S, p, at);
        for (int j = LENGTH; j < width; j += LENGTH) {
            FloatVector next = FloatVector.fromArray(S, p, at + j);
            tops = tops.blend(next, next.compare(VectorOperators.GT, tops));
        }
        return tops.reduceLanes(VectorOperators.MAX); // any order gives the same bits
    }

    /** The exponentials of {@code rows} rows of products, their sums, and the logarithms of those. */
    private static void soften(float[] p, float[] sums, float[] logs, int log, int rows, int width, float scale) {
        for (int r = 0; r < rows; r++) {
            float top = scale * largest(p, r * width, width);
            sums[r] = exponentials(p, r * width, width, scale, top);
            logs[log + r] = top + (float) Math.log(sums[r]);
        }
    }

    /**
     * p = exp(scale · p − top), and their sum. Large enough for the compiler to leave it by itself: within a larger method it would
     * make objects of the vectors.
     */
    private static float exponentials(float[] p, int at, int width, float scale, float top) {
        FloatVector factor = FloatVector.broadcast(S, scale), minus = FloatVector.broadcast(S, -top);
        FloatVector sums = FloatVector.zero(S);
        for (int j = 0; j < width; j += LENGTH) {
            FloatVector e = Exp.of(FloatVector.fromArray(S, p, at + j).fma(factor, minus));
            e.intoArray(p, at + j);
            sums = sums.add(e);
        }
        return Lanes.sum(sums);
    }

    private static void scale(float[] y, int at, int length, float factor) {
        int j = 0;
        for (; j + LENGTH <= length; j += LENGTH)
            FloatVector.fromArray(S, y, at + j).mul(factor).intoArray(y, at + j);
        for (; j < length; j++) y[at + j] *= factor;
    }

    /** {@link org.espalier.kernels.Attend#grad}; {@code keep} has one number each for dq, dk and dv. */
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
            Heads s,
            int[] keep,
            int first,
            int count) {
        int group = s.heads() / s.keyHeads();
        for (int u = first; u < first + count; u++) {
            int sequence = u / s.keyHeads(), keyHead = u % s.keyHeads(), key = key(s, sequence, keyHead);
            if (keep[1] == 0) clear(dk, key, s);
            if (keep[2] == 0) clear(dv, key, s);
            float[] keys = turned(2, k, key, s), values = turned(3, v, key, s), rows = laid(4, k, key, s);
            for (int h = keyHead * group; h < (keyHead + 1) * group; h++)
                for (int i = 0; i < s.length(); i += BLOCK)
                    gradBlock(dq, dk, dv, dout, out, logs, q, keys, values, rows, s, keep[0], sequence, h, i);
        }
    }

    private static void clear(float[] d, int at, Heads s) {
        for (int j = 0; j < s.length(); j++, at += s.keyWidth()) Arrays.fill(d, at, at + s.dim(), 0f);
    }

    private static void gradBlock(
            float[] dq,
            float[] dk,
            float[] dv,
            float[] dout,
            float[] out,
            float[] logs,
            float[] q,
            float[] keys,
            float[] values,
            float[] keyRows,
            Heads s,
            int keep,
            int sequence,
            int head,
            int i) {
        int dim = s.dim(), row = s.width(), rows = Math.min(BLOCK, s.length() - i), from = from(s, i);
        int query = (sequence * s.length() + i) * row + head * dim;
        int key = key(s, sequence, s.keyHead(head)) + from * s.keyWidth();
        int seen = s.to(i + rows - 1) - from, width = Panels.whole(seen);
        float[] p = Scratch.floats(0, rows * width), dp = Scratch.floats(1, rows * width);
        Panels.multiply(rows, width, dim, q, query, row, 1, keys, from * dim, dim, false, p, 0, width);
        Panels.multiply(rows, width, dim, dout, query, row, 1, values, from * dim, dim, false, dp, 0, width);
        for (int r = 0; r < rows; r++) {
            blot(p, r * width, width, s.from(i + r) - from, s.to(i + r) - from);
            float log = logs[(sequence * s.heads() + head) * s.length() + i + r];
            exponentials(p, r * width, width, s.scale(), log);
            slopes(p, dp, r * width, width, s.scale(), dot(dout, query + r * row, out, query + r * row, dim));
        }
        int keyRow = s.keyWidth();
        Panels.product(true, false, seen, dim, rows, p, 0, width, dout, query, row, true, dv, key, keyRow);
        Panels.product(true, false, seen, dim, rows, dp, 0, width, q, query, row, true, dk, key, keyRow);
        byRows(keep == 1, rows, seen, dp, width, keyRows, from, s, dq, query, row);
    }

    /** dp = scale · p · (dp − level). */
    private static void slopes(float[] p, float[] dp, int at, int width, float scale, float level) {
        FloatVector factor = FloatVector.broadcast(S, scale), base = FloatVector.broadcast(S, level * scale);
        for (int j = at; j < at + width; j += LENGTH)
            FloatVector.fromArray(S, dp, j)
                    .mul(factor)
                    .sub(base)
                    .mul(FloatVector.fromArray(S, p, j))
                    .intoArray(dp, j);
    }

    private static int whole(int keys) {
        return (keys + LENGTH - 1) / LENGTH * LENGTH;
    }

    /** {@link org.espalier.kernels.Attend#cached}, where {@code s.length()} is the room of the cache. */
    public static void cached(
            float[] out,
            float[] keys,
            float[] values,
            float[] q,
            float[] k,
            float[] v,
            int[] position,
            Heads s,
            int first,
            int count) {
        int dim = s.dim(), row = s.keyWidth(), at = position[0], from = s.from(at), group = s.heads() / s.keyHeads();
        for (int u = first; u < first + count; u++) {
            int sequence = u / s.keyHeads(), keyHead = u % s.keyHeads();
            int key = sequence * s.length() * row + keyHead * dim;
            System.arraycopy(k, u * dim, keys, key + at * row, dim);
            System.arraycopy(v, u * dim, values, key + at * row, dim);
            for (int h = keyHead * group; h < (keyHead + 1) * group; h++)
                look(out, keys, values, q, s, (sequence * s.heads() + h) * dim, key + from * row, at + 1 - from);
        }
    }

    /** One query of one head over {@code count} keys, the first at {@code key}. */
    private static void look(
            float[] out, float[] keys, float[] values, float[] q, Heads s, int query, int key, int count) {
        int dim = s.dim(), row = s.keyWidth(), width = whole(count);
        float[] p = Scratch.floats(0, width);
        for (int j = 0; j < count; j++) p[j] = dot(q, query, keys, key + j * row, dim);
        blot(p, 0, width, 0, count);
        float top = s.scale() * largest(p, 0, width);
        float sum = exponentials(p, 0, width, s.scale(), top);
        Arrays.fill(out, query, query + dim, 0f);
        for (int j = 0; j < count; j++) add(out, query, values, key + j * row, dim, p[j]);
        scale(out, query, dim, 1f / sum);
    }

    private static float dot(float[] a, int atA, float[] b, int atB, int length) {
        FloatVector sums = FloatVector.zero(S);
        int d = 0;
        for (; d + LENGTH <= length; d += LENGTH)
            sums = FloatVector.fromArray(S, a, atA + d).fma(FloatVector.fromArray(S, b, atB + d), sums);
        float sum = Lanes.sum(sums);
        for (; d < length; d++) sum = Math.fma(a[atA + d], b[atB + d], sum);
        return sum;
    }

    private static void add(float[] y, int at, float[] x, int from, int length, float factor) {
        FloatVector times = FloatVector.broadcast(S, factor);
        int d = 0;
        for (; d + LENGTH <= length; d += LENGTH)
            FloatVector.fromArray(S, x, from + d)
                    .fma(times, FloatVector.fromArray(S, y, at + d))
                    .intoArray(y, at + d);
        for (; d < length; d++) y[at + d] = Math.fma(x[from + d], factor, y[at + d]);
    }
}
