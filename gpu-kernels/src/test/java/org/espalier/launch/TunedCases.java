package org.espalier.launch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.espalier.kernels.*;

/** Launches of random shapes of every kernel that has a tuned twin: here products, sums, and what goes entry by entry. */
final class TunedCases {
    private TunedCases() {}

    static Map<String, Function<RandomGenerator, Launch>> all() {
        Map<String, Function<RandomGenerator, Launch>> all = new LinkedHashMap<>(TunedRowCases.all());
        all.put("product nn", r -> product(r, "nn"));
        all.put("product nt", r -> product(r, "nt"));
        all.put("product tn", r -> product(r, "tn"));
        all.put("gradient of a bias", TunedCases::bias);
        all.put("gradient of a diagonal", TunedCases::diagonal);
        all.put("sums of squares", TunedCases::squares);
        all.put("clipping", TunedCases::clip);
        all.put("total loss", TunedCases::total);
        all.put("few rows", TunedCases::fewRows);
        all.put("batch moments", TunedCases::moments);
        all.put("batch sums", TunedCases::batchSums);
        all.put("bias", TunedCases::biasAdd);
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

    private static Launch fewRows(RandomGenerator random) {
        int batch = 1 + random.nextInt(3), rows = Shapes.size(random), columns = many(random);
        float[] w = Shapes.floats(random, rows * columns), x = Shapes.floats(random, batch * columns);
        return Launch.of("few", rows, FewRows::forward, new float[batch * rows], w, x, batch, rows, columns);
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
    static int many(RandomGenerator random) {
        return random.nextBoolean() ? 2 * Shapes.size(random) + 255 : Shapes.size(random);
    }
}
