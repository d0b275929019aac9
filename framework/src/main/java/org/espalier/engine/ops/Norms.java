package org.espalier.engine.ops;

import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Standardise;
import org.espalier.launch.Launch;
import org.espalier.launch.StandardiseBodies;

/** Normalisation of activations. */
public final class Norms {
    private static final long SLICE = 50_000;

    private Norms() {}

    /**
     * The parameters of a batch normalisation, each one number per channel: scale and shift are trained, the running mean and
     * variance are buffers.
     */
    public record Batch(Parameter scale, Parameter shift, Parameter mean, Parameter variance) {}

    /**
     * Batch normalisation (Ioffe and Szegedy 2015): with the batch's own moments in a graph for training, where the running
     * ones move towards them at every run, and with the running ones otherwise.
     *
     * @param momentum how far the running moments move, 0.1 in PyTorch's way of counting
     */
    public static Tensor batch(Graph g, Tensor image, Batch p, float epsilon, float momentum) {
        Tensor x = Layouts.columns(g, image);
        int channels = p.scale().rows();
        if (x.shape()[0] != channels)
            throw new IllegalArgumentException(p.scale() + " does not fit the channels of " + x);
        for (Parameter q : new Parameter[] {p.scale(), p.shift(), p.mean(), p.variance()})
            q.rowSpan().join(x.span());
        Tensor y = g.like("batch-norm", x);
        int length = x.size() / channels;
        if (!g.training()) {
            apply(g, y, x, p.mean().value(), p.variance().value(), 0, p, epsilon);
            return y;
        }
        float[] moments = new float[2 * channels];
        float[] mean = p.mean().value(), variance = p.variance().value();
        g.launch(Launch.of(
                        y.name() + ".moments",
                        channels,
                        Standardise::moments,
                        moments,
                        mean,
                        variance,
                        x.value(),
                        channels,
                        length,
                        momentum)
                .withHost((f, n) ->
                        StandardiseBodies.moments(moments, mean, variance, x.value(), channels, length, momentum, f, n))
                .costing(length, SLICE));
        apply(g, y, x, moments, moments, channels, p, epsilon);
        g.backward(() -> gradients(g, y, x, moments, p, epsilon));
        return y;
    }

    private static void apply(
            Graph g, Tensor y, Tensor x, float[] mean, float[] variance, int offset, Batch p, float epsilon) {
        int channels = p.scale().rows(), length = x.size() / channels;
        g.launch(Launch.of(
                        y.name(),
                        channels,
                        Standardise::apply,
                        y.value(),
                        x.value(),
                        mean,
                        variance,
                        offset,
                        p.scale().value(),
                        p.shift().value(),
                        length,
                        epsilon)
                .costing(length, SLICE));
    }

    private static void gradients(Graph g, Tensor y, Tensor x, float[] moments, Batch p, float epsilon) {
        int channels = p.scale().rows(), length = x.size() / channels;
        float[] sums = new float[2 * channels];
        g.launch(Launch.of(
                        y.name() + ".sums",
                        channels,
                        Standardise::sums,
                        sums,
                        y.grad(),
                        x.value(),
                        moments,
                        channels,
                        length,
                        epsilon)
                .withHost((f, n) ->
                        StandardiseBodies.sums(sums, y.grad(), x.value(), moments, channels, length, epsilon, f, n))
                .costing(length, SLICE));
        take(g, p.shift(), sums, 0);
        take(g, p.scale(), sums, channels);
        if (!x.differentiable()) return;
        g.launch(Launch.of(
                        y.name() + ".grad",
                        channels,
                        Standardise::inputGrad,
                        x.grad(),
                        y.grad(),
                        x.value(),
                        moments,
                        sums,
                        p.scale().value(),
                        channels,
                        length,
                        epsilon,
                        g.keep(x))
                .costing(length, SLICE));
    }

    private static void take(Graph g, Parameter p, float[] sums, int offset) {
        if (p.trainable())
            g.launch(Launch.of(p.name() + ".grad", p.rows(), Standardise::take, p.grad(), sums, offset, g.keep(p)));
    }
}
