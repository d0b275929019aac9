package org.espalier.launch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.espalier.kernels.*;

/** Launches of random shapes of the kernels that have tuned twins: attention, softmax and norms. */
final class TunedRowCases {
    private TunedRowCases() {}

    static Map<String, Function<RandomGenerator, Launch>> all() {
        Map<String, Function<RandomGenerator, Launch>> all = new LinkedHashMap<>();
        all.put("cross-entropy", TunedRowCases::crossEntropy);
        all.put("slope of logits", TunedRowCases::slope);
        all.put("surprise", TunedRowCases::surprise);
        all.put("RMS norm", TunedRowCases::rmsNorm);
        all.put("gradient of RMS norm", TunedRowCases::rmsNormGrad);
        all.put("layer norm", TunedRowCases::layerNorm);
        all.put("gradient of layer norm", TunedRowCases::layerNormGrad);
        all.put("attention", TunedRowCases::attention);
        all.put("gradient of attention", TunedRowCases::attentionGrad);
        all.put("cached attention", TunedRowCases::cached);
        all.put("logits", TunedRowCases::logits);
        all.put("gradient by hidden", TunedRowCases::hiddenGrad);
        all.put("gradient by head", TunedRowCases::headGrad);
        all.put("gradient of cross-entropy", TunedRowCases::crossEntropyGrad);
        return all;
    }

    private static Launch crossEntropy(RandomGenerator random) {
        int examples = Shapes.size(random), classes = TunedCases.many(random);
        boolean neighbours = random.nextBoolean();
        return Launch.of(
                "cross-entropy",
                examples,
                CrossEntropy::forward,
                new float[examples],
                new float[examples],
                new float[examples * classes],
                Shapes.floats(random, examples * classes),
                Shapes.below(random, examples, classes),
                Shapes.mask(random, examples, 0.8),
                classes,
                neighbours ? 1 : examples,
                neighbours ? classes : 1);
    }

    private static Launch slope(RandomGenerator random) {
        int tokens = Shapes.size(random),
                classes = TunedCases.many(random),
                from = Shapes.size(random),
                all = from + tokens;
        return Launch.of(
                "slope",
                tokens,
                Vocabulary::slope,
                Shapes.floats(random, tokens * classes),
                new float[all],
                new float[all],
                Shapes.below(random, all, classes),
                Shapes.mask(random, all, 0.8),
                from,
                classes);
    }

    private static Launch surprise(RandomGenerator random) {
        int tokens = Shapes.size(random),
                classes = TunedCases.many(random),
                from = Shapes.size(random),
                all = from + tokens;
        return Launch.of(
                "surprise",
                tokens,
                Surprise::measure,
                new float[all],
                new float[all],
                Shapes.floats(random, tokens * classes),
                Shapes.below(random, all, classes),
                from,
                classes);
    }

    private static Launch rmsNorm(RandomGenerator random) {
        int rows = Shapes.size(random), width = TunedCases.many(random);
        float[] x = Shapes.floats(random, rows * width), scale = Shapes.floats(random, width);
        return Launch.of(
                "rms", rows, RmsNorm::forward, new float[rows * width], new float[rows], x, scale, width, 1e-5f, 1f);
    }

    private static Launch rmsNormGrad(RandomGenerator random) {
        int rows = Shapes.size(random), width = TunedCases.many(random), part = Shapes.size(random);
        int parts = (rows + part - 1) / part;
        return Launch.of(
                "rms.grad",
                parts,
                RmsNorm::grad,
                Shapes.floats(random, rows * width),
                new float[parts * width],
                Shapes.floats(random, rows * width),
                Shapes.floats(random, rows * width),
                Shapes.positive(random, rows),
                Shapes.floats(random, width),
                width,
                rows,
                part,
                1f,
                random.nextInt(2));
    }

    private static Launch layerNorm(RandomGenerator random) {
        int rows = Shapes.size(random), width = TunedCases.many(random);
        return Launch.of(
                "layer",
                rows,
                LayerNorm::forward,
                new float[rows * width],
                new float[2 * rows],
                Shapes.floats(random, rows * width),
                Shapes.floats(random, width),
                Shapes.floats(random, width),
                width,
                1e-3f);
    }

    private static Launch layerNormGrad(RandomGenerator random) {
        int rows = Shapes.size(random), width = TunedCases.many(random), part = Shapes.size(random);
        int parts = (rows + part - 1) / part;
        return Launch.of(
                "layer.grad",
                parts,
                LayerNorm::grad,
                Shapes.floats(random, rows * width),
                new float[parts * width],
                new float[parts * width],
                Shapes.floats(random, rows * width),
                Shapes.floats(random, rows * width),
                Shapes.positive(random, 2 * rows),
                Shapes.floats(random, width),
                width,
                rows,
                part,
                random.nextInt(2));
    }

    private static Launch attention(RandomGenerator random) {
        int heads = 4, keyHeads = 1 << random.nextInt(3), dim = width(random), length = Shapes.size(random);
        int sequences = 1 + random.nextInt(2), tokens = sequences * length;
        return Launch.of(
                "attention",
                sequences * heads,
                Attend::forward,
                new float[tokens * heads * dim],
                new float[tokens * heads],
                Shapes.floats(random, tokens * heads * dim),
                Shapes.floats(random, tokens * keyHeads * dim),
                Shapes.floats(random, tokens * keyHeads * dim),
                heads,
                keyHeads,
                dim,
                length,
                random.nextInt(2),
                random.nextInt(3) * 9,
                1 / (float) Math.sqrt(dim));
    }

    /** On the outputs of the forward pass, which the gradient relies on. */
    private static Launch attentionGrad(RandomGenerator random) {
        int heads = 4, keyHeads = 1 << random.nextInt(3), dim = width(random), length = Shapes.size(random);
        int sequences = 1 + random.nextInt(2), tokens = sequences * length;
        int causal = random.nextInt(2), window = random.nextInt(3) * 9;
        float scale = 1 / (float) Math.sqrt(dim);
        float[] q = Shapes.floats(random, tokens * heads * dim), k = Shapes.floats(random, tokens * keyHeads * dim);
        float[] v = Shapes.floats(random, k.length), out = new float[q.length], logs = new float[tokens * heads];
        Attend.forward(out, logs, q, k, v, heads, keyHeads, dim, length, causal, window, scale, 0, sequences * heads);
        return Launch.of(
                "attention.grad",
                sequences * keyHeads,
                Attend::grad,
                Shapes.floats(random, q.length),
                Shapes.floats(random, k.length),
                Shapes.floats(random, v.length),
                Shapes.floats(random, q.length),
                out,
                logs,
                q,
                k,
                v,
                new int[] {heads, keyHeads, dim, length, causal, window},
                new int[] {random.nextInt(2), random.nextInt(2), random.nextInt(2)},
                scale);
    }

    private static Launch cached(RandomGenerator random) {
        int heads = 4, keyHeads = 1 << random.nextInt(3), dim = width(random), room = TunedCases.many(random);
        int sequences = 1 + random.nextInt(3);
        float[] keys = Shapes.floats(random, sequences * room * keyHeads * dim);
        float[] k = Shapes.floats(random, sequences * keyHeads * dim);
        return Launch.of(
                "cached",
                sequences * keyHeads,
                Attend::cached,
                new float[sequences * heads * dim],
                keys,
                Shapes.floats(random, keys.length),
                Shapes.floats(random, sequences * heads * dim),
                k,
                Shapes.floats(random, k.length),
                new int[] {random.nextInt(room)},
                heads,
                keyHeads,
                dim,
                room,
                random.nextInt(3) * 9,
                1 / (float) Math.sqrt(dim));
    }

    private static Launch logits(RandomGenerator random) {
        int from = Shapes.size(random), tokens = Shapes.size(random), classes = TunedCases.many(random);
        int width = Shapes.size(random);
        float[] hidden = Shapes.floats(random, (from + tokens) * width), head = Shapes.floats(random, classes * width);
        float[] logits = new float[tokens * classes];
        return Launch.of("logits", classes, Vocabulary::logits, logits, hidden, head, from, tokens, classes, width);
    }

    private static Launch hiddenGrad(RandomGenerator random) {
        int from = Shapes.size(random), tokens = Shapes.size(random), classes = TunedCases.many(random);
        int width = Shapes.size(random), keep = random.nextInt(2);
        float[] dhidden = Shapes.floats(random, (from + tokens) * width);
        float[] slopes = Shapes.floats(random, tokens * classes), head = Shapes.floats(random, classes * width);
        return Launch.of("h", tokens, Vocabulary::hiddenGrad, dhidden, slopes, head, from, classes, width, keep);
    }

    private static Launch headGrad(RandomGenerator random) {
        int from = Shapes.size(random), tokens = Shapes.size(random), classes = TunedCases.many(random);
        int width = Shapes.size(random), keep = random.nextInt(2);
        float[] dhead = Shapes.floats(random, classes * width), slopes = Shapes.floats(random, tokens * classes);
        float[] hidden = Shapes.floats(random, (from + tokens) * width);
        return Launch.of("w", classes, Vocabulary::headGrad, dhead, slopes, hidden, from, tokens, classes, width, keep);
    }

    private static Launch crossEntropyGrad(RandomGenerator random) {
        int examples = Shapes.size(random), classes = TunedCases.many(random);
        boolean neighbours = random.nextBoolean();
        return Launch.of(
                "cross-entropy.grad",
                examples,
                CrossEntropy::grad,
                Shapes.floats(random, examples * classes),
                Shapes.positive(random, examples * classes),
                Shapes.below(random, examples, classes),
                Shapes.mask(random, examples, 0.8),
                classes,
                neighbours ? 1 : examples,
                neighbours ? classes : 1,
                random.nextInt(2));
    }

    private static int width(RandomGenerator random) {
        int[] widths = {1, 3, 16, 17, 32, 64, 100, 256};
        return widths[random.nextInt(widths.length)];
    }
}
