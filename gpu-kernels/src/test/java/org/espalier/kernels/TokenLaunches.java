package org.espalier.kernels;

import org.espalier.launch.Launch;

/** Language models' kernels. */
final class TokenLaunches {
    private TokenLaunches() {}

    static void add(Sizes z) {
        lookups(z);
        attention(z);
        cached(z);
        vocabulary(z);
    }

    private static void lookups(Sizes z) {
        int s = z.s, rows = 9, width = 5, heads = 2, dim = 6, length = 7;
        float[] ids = z.ids(s, rows);
        z.add(Launch.of("lookup", s, Lookup::forward, new float[s * width], ids, z.floats(rows * width), width, 0.5f));
        z.add(Launch.of(
                "lookupGrad",
                width,
                Lookup::grad,
                z.floats(rows * width),
                z.floats(s * width),
                ids,
                s,
                rows,
                width,
                0.5f,
                z.keep));
        z.add(Launch.of(
                "turn",
                s,
                Rotate::turn,
                z.floats(s * heads * dim),
                z.floats(s * heads * dim),
                z.floats(8 * 2),
                z.floats(8 * 2),
                new int[] {1},
                heads,
                dim,
                4,
                length,
                1f,
                z.keep));
    }

    /** As many sequences as make {@code s} units, all tokens seen or those before within a window. */
    private static void attention(Sizes z) {
        int heads = 2, keyHeads = 1, dim = 4, length = 5, sequences = z.s, causal = z.keep, window = 3 * z.keep;
        int queries = sequences * length * heads * dim, keys = sequences * length * keyHeads * dim;
        float[] q = z.floats(queries), k = z.floats(keys), v = z.floats(keys);
        float[] out = new float[queries], logs = new float[sequences * heads * length];
        z.add(Launch.of(
                "attend",
                sequences * heads,
                Attend::forward,
                out,
                logs,
                q,
                k,
                v,
                heads,
                keyHeads,
                dim,
                length,
                causal,
                window,
                0.5f));
        z.add(Launch.of(
                "attendGrad",
                sequences * keyHeads,
                Attend::grad,
                z.floats(queries),
                z.floats(keys),
                z.floats(keys),
                z.floats(queries),
                out,
                logs,
                q,
                k,
                v,
                new int[] {heads, keyHeads, dim, length, causal, window},
                new int[] {z.keep, 1 - z.keep, z.keep},
                0.5f));
    }

    private static void cached(Sizes z) {
        int s = z.s, heads = 4, keyHeads = 2, dim = 3, room = 5;
        z.add(Launch.of(
                "cached",
                s * keyHeads,
                Attend::cached,
                new float[s * heads * dim],
                z.floats(s * room * keyHeads * dim),
                z.floats(s * room * keyHeads * dim),
                z.floats(s * heads * dim),
                z.floats(s * keyHeads * dim),
                z.floats(s * keyHeads * dim),
                new int[] {3},
                heads,
                keyHeads,
                dim,
                room,
                2 * z.keep,
                0.5f));
    }

    private static void vocabulary(Sizes z) {
        int classes = z.s, width = 5, n = 6, from = 2, tokens = 4, tile = 3, tiles = (classes + tile - 1) / tile;
        float[] hidden = z.floats(n * width), head = z.floats(classes * width), parts = new float[tiles * n * 4];
        int[] labels = z.below(n, classes);
        float[] weights = z.positive(n), logits = new float[tokens * classes], slopes = z.floats(tokens * classes);
        z.add(Launch.of("scan", tiles, Vocabulary::scan, parts, hidden, head, labels, n, classes, width, tile));
        z.add(Launch.of("settle", n, Vocabulary::settle, new float[n], new float[n], parts, labels, weights, n, tiles));
        z.add(Launch.of("logits", classes, Vocabulary::logits, logits, hidden, head, from, tokens, classes, width));
        z.add(Launch.of(
                "slope",
                tokens,
                Vocabulary::slope,
                logits,
                new float[n],
                new float[n],
                labels,
                weights,
                from,
                classes));
        z.add(Launch.of(
                "hiddenGrad",
                tokens,
                Vocabulary::hiddenGrad,
                z.floats(n * width),
                slopes,
                head,
                from,
                classes,
                width,
                z.keep));
        z.add(Launch.of(
                "headGrad",
                classes,
                Vocabulary::headGrad,
                z.floats(classes * width),
                slopes,
                hidden,
                from,
                tokens,
                classes,
                width,
                z.keep));
    }
}
