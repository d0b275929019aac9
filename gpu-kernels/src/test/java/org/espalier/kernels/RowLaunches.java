package org.espalier.kernels;

import org.espalier.launch.Launch;

/** Kernels over elements and rows, and the optimisers'. */
final class RowLaunches {
    private RowLaunches() {}

    static void add(Sizes z) {
        elements(z);
        steps(z);
        norms(z);
        losses(z);
    }

    private static void elements(Sizes z) {
        int s = z.s;
        float[] x = z.floats(s), y = z.floats(s), g = z.floats(s);
        z.add(Launch.of("relu", s, Pointwise::relu, new float[s], x));
        z.add(Launch.of("reluGrad", s, Pointwise::reluGrad, z.floats(s), g, y, z.keep));
        z.add(Launch.of("add", s, Pointwise::add, new float[s], x, y));
        z.add(Launch.of("copy", s, Pointwise::copy, z.floats(s), x, z.keep));
        z.add(Launch.of("scale", s, Pointwise::scale, z.floats(s), x, 0.3f, z.keep));
        z.add(Launch.of("mask", s, Pointwise::mask, z.floats(s), Shapes.bits(Shapes.mask(z.random, s, 0.5))));
        z.add(Launch.of("transpose", s, Pointwise::transpose, z.floats(5 * s), z.floats(5 * s), 5, s, z.keep));
        z.add(Launch.of("copyFrom", s, Pointwise::copyFrom, new float[s], z.floats(s + 3), 3));
        z.add(Launch.of("gelu", s, Gelu::forward, new float[s], x));
        z.add(Launch.of("geluGrad", s, Gelu::grad, z.floats(s), g, x, z.keep));
        z.add(Launch.of("gated", s, Gated::forward, new float[s], x, y, 1.6f, 0.07f));
        z.add(Launch.of("gatedGrad", s, Gated::grad, z.floats(s), z.floats(s), g, x, y, 1f, 0f, z.keep, 1 - z.keep));
        z.add(Launch.of("alone", s, Gated::alone, new float[s], x, 1f, 0f));
        z.add(Launch.of("aloneGrad", s, Gated::aloneGrad, z.floats(s), g, x, 1.6f, 0.07f, z.keep));
        z.add(Launch.of("merge", s, Masked::merge, z.floats(s), x, 0.5f));
        z.add(Launch.of("gate", s, Masked::gate, z.floats(s), x, 0.5f));
        z.add(Launch.of("dropout", s, Dropout::apply, z.floats(s), x, new int[] {3}, 12345, 0.4f, z.keep));
    }

    private static void steps(Sizes z) {
        int s = z.s;
        float[] step = {0.01f, 0.5f, 1.1f, 1.2f};
        z.add(Launch.of("sgd", s, Update::sgd, z.floats(s), z.floats(s), z.floats(s), step, 0.9f, 0.1f, z.keep));
        z.add(Launch.of(
                "adam",
                s,
                Update::adam,
                z.floats(s),
                z.floats(s),
                z.positive(s),
                z.floats(s),
                step,
                0.9f,
                0.99f,
                1e-8f,
                0.1f,
                0.2f));
        z.add(Launch.of("squares", s, Norm::squares, new float[s + 2], z.floats(7 * s - 3), 7 * s - 3, 7, 2));
        z.add(Launch.of("clip", 1, Norm::clip, z.positive(4), z.positive(s), s, 0.5f));
        z.add(Launch.of("ratios", s, AdaptedNorms::ratios, new float[s], new float[s], z.positive(s), z.floats(s)));
        z.add(Launch.of(
                "rows",
                s,
                AdaptedNorms::rows,
                new float[s],
                z.positive(s),
                z.floats(3 * s),
                z.floats(3 * s),
                z.positive(9),
                0.1f,
                3));
    }

    private static void norms(Sizes z) {
        int s = z.s, width = 7, part = 3, parts = (s + part - 1) / part;
        float[] x = z.floats(width * s), dy = z.floats(width * s), scale = z.positive(width);
        z.add(Launch.of(
                "layer",
                s,
                LayerNorm::forward,
                new float[width * s],
                new float[2 * s],
                x,
                scale,
                z.floats(width),
                width,
                1e-5f));
        z.add(Launch.of(
                "layerGrad",
                parts,
                LayerNorm::grad,
                z.floats(width * s),
                new float[width * parts],
                new float[width * parts],
                dy,
                x,
                z.positive(2 * s),
                scale,
                width,
                s,
                part,
                z.keep));
        z.add(Launch.of("rms", s, RmsNorm::forward, new float[width * s], new float[s], x, scale, width, 1e-5f, 1f));
        z.add(Launch.of(
                "rmsGrad",
                parts,
                RmsNorm::grad,
                z.floats(width * s),
                new float[width * parts],
                dy,
                x,
                z.positive(s),
                scale,
                width,
                s,
                part,
                1f,
                z.keep));
        z.add(Launch.of("bias", s, Bias::add, z.floats(5 * s), z.floats(s), 5, 5, 1));
        z.add(Launch.of("biasGrad", s, Bias::grad, z.floats(s), z.floats(5 * s), 5, 5, 1, z.keep));
        z.add(Launch.of("tokenSquares", s, TokenSums::squares, z.positive(s), z.floats(6 * s), 2, 3, 6, 1));
        z.add(Launch.of("tokenSums", s, TokenSums::sums, z.positive(s), z.positive(s), z.floats(6 * s), 2, 3, 6, 1));
    }

    private static void losses(Sizes z) {
        int s = z.s, classes = 7;
        int[] labels = z.below(s, classes);
        float[] weights = z.positive(s), probabilities = z.positive(classes * s);
        z.add(Launch.of(
                "entropy",
                s,
                CrossEntropy::forward,
                new float[s],
                new float[s],
                new float[classes * s],
                z.floats(classes * s),
                labels,
                weights,
                classes,
                1,
                classes));
        z.add(Launch.of(
                "entropyGrad",
                s,
                CrossEntropy::grad,
                z.floats(classes * s),
                probabilities,
                labels,
                weights,
                classes,
                1,
                classes,
                z.keep));
        z.add(Launch.of("total", 1, CrossEntropy::total, new float[1], z.positive(s), s));
        z.add(Launch.of(
                "surprise",
                s,
                Surprise::measure,
                new float[s + 2],
                new float[s + 2],
                z.floats(classes * s),
                z.below(s + 2, classes),
                2,
                classes));
    }
}
