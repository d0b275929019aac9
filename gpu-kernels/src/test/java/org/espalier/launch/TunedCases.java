package org.espalier.launch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.espalier.kernels.*;

/** Launches of random shapes of every kernel that has a tuned twin. */
final class TunedCases {
    private TunedCases() {}

    static Map<String, Function<RandomGenerator, Launch>> all() {
        Map<String, Function<RandomGenerator, Launch>> all = new LinkedHashMap<>();
        all.put("product nn", r -> product(r, "nn"));
        all.put("product nt", r -> product(r, "nt"));
        all.put("product tn", r -> product(r, "tn"));
        all.put("gradient of a bias", TunedCases::bias);
        all.put("gradient of a diagonal", TunedCases::diagonal);
        all.put("sums of squares", TunedCases::squares);
        all.put("clipping", TunedCases::clip);
        all.put("total loss", TunedCases::total);
        all.put("cross-entropy", TunedCases::crossEntropy);
        all.put("slope of logits", TunedCases::slope);
        all.put("surprise", TunedCases::surprise);
        all.put("RMS norm", TunedCases::rmsNorm);
        all.put("gradient of RMS norm", TunedCases::rmsNormGrad);
        all.put("layer norm", TunedCases::layerNorm);
        all.put("gradient of layer norm", TunedCases::layerNormGrad);
        all.put("attention", TunedCases::attention);
        all.put("gradient of attention", TunedCases::attentionGrad);
        all.put("cached attention", TunedCases::cached);
        all.put("few rows", TunedCases::fewRows);
        all.put("logits", TunedCases::logits);
        all.put("gradient by hidden", TunedCases::hiddenGrad);
        all.put("gradient by head", TunedCases::headGrad);
        all.put("batch moments", TunedCases::moments);
        all.put("batch sums", TunedCases::batchSums);
        all.put("bias", TunedCases::biasAdd);
        all.put("gradient of cross-entropy", TunedCases::crossEntropyGrad);
        all.put("standardised", TunedCases::standardise);
        all.put("gradient of standardised", TunedCases::standardiseGrad);
        all.put("outer sums", TunedCases::outer);
        all.put("squares of tokens", r -> tokens(r, false));
        all.put("sums of tokens", r -> tokens(r, true));
        all.put("SGD", TunedCases::sgd);
        all.put("Adam", TunedCases::adam);
        return all;
    }

    private static Launch product(RandomGenerator random, String form) {
        int rows = Shapes.size(random), n = Shapes.size(random), k = Shapes.size(random), keep = random.nextInt(2);
        float[] c = Shapes.floats(random, rows * n);
        float[] a = Shapes.floats(random, rows * k), b = Shapes.floats(random, k * n);
        return switch (form) {
            case "nn" -> Launch.of("nn", rows, MatMul::nn, c, a, b, n, k, keep);
            case "nt" -> Launch.of("nt", rows, MatMul::nt, c, a, b, n, k, keep);
            default -> Launch.of("tn", rows, MatMul::tn, c, a, b, rows, n, k, keep);
        };
    }

    private static Launch bias(RandomGenerator random) {
        int features = Shapes.size(random), examples = many(random), keep = random.nextInt(2);
        boolean neighbours = random.nextBoolean();
        float[] dbias = Shapes.floats(random, features), dy = Shapes.floats(random, features * examples);
        return Launch.of(
                "bias",
                features,
                Bias::grad,
                dbias,
                dy,
                examples,
                neighbours ? 1 : examples,
                neighbours ? features : 1,
                keep);
    }

    private static Launch diagonal(RandomGenerator random) {
        int rows = many(random), columns = Shapes.size(random);
        float[] dd = Shapes.floats(random, columns), scale = Shapes.floats(random, columns);
        float[] dy = Shapes.floats(random, rows * columns), x = Shapes.floats(random, rows * columns);
        int keep = random.nextInt(2);
        return Launch.of("diagonal", columns, Diagonal::grad, dd, dy, x, scale, 0.5f, rows, columns, keep);
    }

    private static Launch squares(RandomGenerator random) {
        int size = Shapes.size(random) * Shapes.size(random), length = Shapes.size(random) + 255, offset = 3;
        int parts = (size + length - 1) / length;
        float[] sums = Shapes.floats(random, parts + offset), x = Shapes.floats(random, size);
        return Launch.of("squares", parts, Norm::squares, sums, x, size, length, offset);
    }

    private static Launch clip(RandomGenerator random) {
        int size = many(random);
        float limit = random.nextBoolean() ? 0.5f : 1e6f;
        return Launch.of(
                "clip", 1, Norm::clip, new float[] {0.1f, 1, 1, 1}, Shapes.positive(random, size), size, limit);
    }

    private static Launch total(RandomGenerator random) {
        int size = many(random);
        return Launch.of("total", 1, CrossEntropy::total, new float[1], Shapes.positive(random, size), size);
    }

    private static Launch crossEntropy(RandomGenerator random) {
        int examples = Shapes.size(random), classes = many(random);
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
        int tokens = Shapes.size(random), classes = many(random), from = Shapes.size(random), all = from + tokens;
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
        int tokens = Shapes.size(random), classes = many(random), from = Shapes.size(random), all = from + tokens;
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
        int rows = Shapes.size(random), width = many(random);
        float[] x = Shapes.floats(random, rows * width), scale = Shapes.floats(random, width);
        return Launch.of(
                "rms", rows, RmsNorm::forward, new float[rows * width], new float[rows], x, scale, width, 1e-5f, 1f);
    }

    private static Launch rmsNormGrad(RandomGenerator random) {
        int rows = Shapes.size(random), width = many(random), part = Shapes.size(random);
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
        int rows = Shapes.size(random), width = many(random);
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
        int rows = Shapes.size(random), width = many(random), part = Shapes.size(random);
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
        int heads = 4, keyHeads = 1 << random.nextInt(3), dim = width(random), room = many(random);
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

    private static Launch fewRows(RandomGenerator random) {
        int batch = 1 + random.nextInt(3), rows = Shapes.size(random), columns = many(random);
        float[] w = Shapes.floats(random, rows * columns), x = Shapes.floats(random, batch * columns);
        return Launch.of("few", rows, FewRows::forward, new float[batch * rows], w, x, batch, rows, columns);
    }

    private static Launch logits(RandomGenerator random) {
        int from = Shapes.size(random), tokens = Shapes.size(random), classes = many(random);
        int width = Shapes.size(random);
        float[] hidden = Shapes.floats(random, (from + tokens) * width), head = Shapes.floats(random, classes * width);
        float[] logits = new float[tokens * classes];
        return Launch.of("logits", classes, Vocabulary::logits, logits, hidden, head, from, tokens, classes, width);
    }

    private static Launch hiddenGrad(RandomGenerator random) {
        int from = Shapes.size(random), tokens = Shapes.size(random), classes = many(random);
        int width = Shapes.size(random), keep = random.nextInt(2);
        float[] dhidden = Shapes.floats(random, (from + tokens) * width);
        float[] slopes = Shapes.floats(random, tokens * classes), head = Shapes.floats(random, classes * width);
        return Launch.of("h", tokens, Vocabulary::hiddenGrad, dhidden, slopes, head, from, classes, width, keep);
    }

    private static Launch headGrad(RandomGenerator random) {
        int from = Shapes.size(random), tokens = Shapes.size(random), classes = many(random);
        int width = Shapes.size(random), keep = random.nextInt(2);
        float[] dhead = Shapes.floats(random, classes * width), slopes = Shapes.floats(random, tokens * classes);
        float[] hidden = Shapes.floats(random, (from + tokens) * width);
        return Launch.of("w", classes, Vocabulary::headGrad, dhead, slopes, hidden, from, tokens, classes, width, keep);
    }

    private static Launch moments(RandomGenerator random) {
        int channels = Shapes.size(random), length = many(random);
        return Launch.of(
                "moments",
                channels,
                Standardise::moments,
                new float[2 * channels],
                Shapes.floats(random, channels),
                Shapes.positive(random, channels),
                Shapes.floats(random, channels * length),
                channels,
                length,
                0.1f);
    }

    private static Launch batchSums(RandomGenerator random) {
        int channels = Shapes.size(random), length = many(random);
        float[] dy = Shapes.floats(random, channels * length), x = Shapes.floats(random, channels * length);
        float[] moments = Shapes.positive(random, 2 * channels), sums = new float[2 * channels];
        return Launch.of("sums", channels, Standardise::sums, sums, dy, x, moments, channels, length, 1e-5f);
    }

    private static Launch biasAdd(RandomGenerator random) {
        int features = Shapes.size(random), examples = many(random);
        boolean neighbours = random.nextBoolean();
        float[] y = Shapes.floats(random, features * examples), bias = Shapes.floats(random, features);
        int featureStride = neighbours ? 1 : examples, exampleStride = neighbours ? features : 1;
        return Launch.of("bias", features, Bias::add, y, bias, examples, featureStride, exampleStride);
    }

    private static Launch crossEntropyGrad(RandomGenerator random) {
        int examples = Shapes.size(random), classes = many(random);
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

    private static Launch standardise(RandomGenerator random) {
        int channels = Shapes.size(random), length = many(random);
        float[] x = Shapes.floats(random, channels * length), mean = Shapes.floats(random, channels);
        float[] variance = Shapes.positive(random, 2 * channels), y = new float[x.length];
        float[] scale = Shapes.floats(random, channels), shift = Shapes.floats(random, channels);
        int offset = random.nextBoolean() ? 0 : channels;
        return Launch.of(
                "apply", channels, Standardise::apply, y, x, mean, variance, offset, scale, shift, length, 1e-3f);
    }

    private static Launch standardiseGrad(RandomGenerator random) {
        int channels = Shapes.size(random), length = many(random), keep = random.nextInt(2);
        float[] x = Shapes.floats(random, channels * length), dy = Shapes.floats(random, x.length);
        float[] moments = Shapes.positive(random, 2 * channels), sums = Shapes.floats(random, 2 * channels);
        float[] dx = Shapes.floats(random, x.length), scale = Shapes.floats(random, channels);
        return Launch.of(
                "dx", channels, Standardise::inputGrad, dx, dy, x, moments, sums, scale, channels, length, 1e-3f, keep);
    }

    private static Launch outer(RandomGenerator random) {
        int n = many(random), rank = 1 + random.nextInt(9), columns = Shapes.size(random);
        int turned = random.nextInt(2), keep = random.nextInt(2);
        float[] c = Shapes.floats(random, rank * columns), u = Shapes.floats(random, n * rank);
        float[] y = Shapes.floats(random, n * columns);
        return Launch.of("outer", columns, OuterSums::product, c, u, y, n, rank, columns, turned, keep);
    }

    private static Launch tokens(RandomGenerator random, boolean between) {
        int features = Shapes.size(random), sequences = 1 + random.nextInt(3), length = Shapes.size(random);
        int all = sequences * length;
        boolean neighbours = random.nextBoolean();
        int featureStride = neighbours ? 1 : all, tokenStride = neighbours ? features : 1;
        float[] x = Shapes.floats(random, features * all), sums = Shapes.positive(random, features);
        float[] also = Shapes.positive(random, features);
        return between
                ? Launch.of(
                        "sums", features, TokenSums::sums, sums, also, x, sequences, length, featureStride, tokenStride)
                : Launch.of(
                        "squares",
                        features,
                        TokenSums::squares,
                        sums,
                        x,
                        sequences,
                        length,
                        featureStride,
                        tokenStride);
    }

    private static int width(RandomGenerator random) {
        int[] widths = {1, 3, 16, 17, 32, 64, 100, 256};
        return widths[random.nextInt(widths.length)];
    }

    private static Launch sgd(RandomGenerator random) {
        int size = Shapes.size(random) * many(random), nesterov = random.nextInt(2);
        float[] w = Shapes.floats(random, size), v = Shapes.floats(random, size), g = Shapes.floats(random, size);
        return Launch.of("sgd", size, Update::sgd, w, v, g, new float[] {0.1f, 0.5f}, 0.9f, 1e-3f, nesterov);
    }

    private static Launch adam(RandomGenerator random) {
        int size = Shapes.size(random) * many(random);
        float[] w = Shapes.floats(random, size), m = Shapes.floats(random, size), g = Shapes.floats(random, size);
        float[] v = Shapes.positive(random, size), step = {0.1f, 0.5f, 2f, 3f};
        return Launch.of("adam", size, Update::adam, w, m, v, g, step, 0.9f, 0.99f, 1e-8f, 1e-3f, 1e-2f);
    }

    /** At times more than the work items of a group. */
    private static int many(RandomGenerator random) {
        return random.nextBoolean() ? Shapes.size(random) : 2 * Shapes.size(random) + 255;
    }
}
