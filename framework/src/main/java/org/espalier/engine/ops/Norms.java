package org.espalier.engine.ops;

import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Bias;
import org.espalier.kernels.LayerNorm;
import org.espalier.kernels.RmsNorm;
import org.espalier.kernels.Standardise;
import org.espalier.launch.BiasBodies;
import org.espalier.launch.Launch;
import org.espalier.launch.LayerNormBodies;
import org.espalier.launch.RmsNormBodies;
import org.espalier.launch.StandardiseBodies;

/** Normalisation of activations. */
public final class Norms {
    private static final long SLICE = 50_000;

    /** Into so many parts, or a few more, rows are divided for the gradients of scales and shifts. */
    private static final int PARTS = 64;

    private static final int SMALLEST_PART = 16;

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
        Tensor y = g.like("batch-norm", x, depends(x, p.scale(), p.shift()));
        int length = x.size() / channels;
        if (!g.training()) {
            apply(g, y, x, p.mean().value(), p.variance().value(), 0, p, epsilon);
            return y;
        }
        float[] moments = g.scratch(2 * channels);
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
        g.backward(y, () -> gradients(g, y, x, moments, p, epsilon));
        return y;
    }

    /** Whether anything that is trained stands before the result. */
    private static boolean depends(Tensor x, Parameter... parameters) {
        boolean trained = x.differentiable();
        for (Parameter p : parameters) trained |= p.trainable();
        return trained;
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
        float[] sums = g.scratch(2 * channels);
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

    /** y = x / sqrt(mean of x² + epsilon) · (offset + scale) over each token's features (Zhang and Sennrich 2019). */
    public static Tensor rms(Graph g, Tensor x, Parameter scale, float epsilon, float offset) {
        if (scale.rows() == x.features()) scale.rowSpan().join(x.span());
        return rms(g, x, 1, scale, epsilon, offset);
    }

    /** The same over each of a token's {@code heads}, which lie side by side and share the scale. */
    public static Tensor rms(Graph g, Tensor any, int heads, Parameter scale, float epsilon, float offset) {
        Tensor x = Layouts.rows(g, any);
        int width = scale.rows(), rows = x.batch() * heads;
        if (x.features() != heads * width)
            throw new IllegalArgumentException(scale + " does not fit " + heads + " heads of " + x);
        if (heads > 1) {
            scale.rowSpan().axis().pin();
        }
        Tensor y = g.like("rms-norm", x, depends(x, scale));
        float[] inverse = g.scratch(rows), weight = scale.value();
        g.launch(Launch.of(
                        y.name(), rows, RmsNorm::forward, y.value(), inverse, x.value(), weight, width, epsilon, offset)
                .withHost((f, n) ->
                        RmsNormBodies.forward(y.value(), inverse, x.value(), weight, width, epsilon, offset, f, n))
                .costing(width, SLICE));
        g.backward(y, () -> rmsGradients(g, y, x, inverse, scale, offset));
        return y;
    }

    private static void rmsGradients(Graph g, Tensor y, Tensor x, float[] inverse, Parameter scale, float offset) {
        int width = scale.rows(), rows = x.size() / width, part = part(rows), parts = (rows + part - 1) / part;
        float[] dx = x.differentiable() ? x.grad() : g.scratch(x.size());
        float[] scales = g.scratch(parts * width), weight = scale.value();
        int keep = x.differentiable() ? g.keep(x) : 0;
        g.launch(Launch.of(
                        y.name() + ".grad",
                        parts,
                        RmsNorm::grad,
                        dx,
                        scales,
                        y.grad(),
                        x.value(),
                        inverse,
                        weight,
                        width,
                        rows,
                        part,
                        offset,
                        keep)
                .withHost((f, n) -> RmsNormBodies.grad(
                        dx, scales, y.grad(), x.value(), inverse, weight, width, rows, part, offset, keep, f, n))
                .costing((long) width * part, SLICE));
        sum(g, scale, scales, parts);
    }

    /**
     * y = (x − mean) / sqrt(variance + epsilon) · scale + shift over each token's features (Ba, Kiros and Hinton 2016).
     */
    public static Tensor layer(Graph g, Tensor any, Parameter scale, Parameter shift, float epsilon) {
        Tensor x = Layouts.rows(g, any);
        int width = x.features(), rows = x.batch();
        if (scale.rows() != width || shift.rows() != width)
            throw new IllegalArgumentException(scale + " and " + shift + " do not fit " + x);
        scale.rowSpan().join(x.span());
        shift.rowSpan().join(x.span());
        Tensor y = g.like("layer-norm", x, depends(x, scale, shift));
        float[] moments = g.scratch(2 * rows), weight = scale.value(), constant = shift.value();
        g.launch(Launch.of(
                        y.name(),
                        rows,
                        LayerNorm::forward,
                        y.value(),
                        moments,
                        x.value(),
                        weight,
                        constant,
                        width,
                        epsilon)
                .withHost((f, n) ->
                        LayerNormBodies.forward(y.value(), moments, x.value(), weight, constant, width, epsilon, f, n))
                .costing(width, SLICE));
        g.backward(y, () -> layerGradients(g, y, x, moments, scale, shift));
        return y;
    }

    private static void layerGradients(Graph g, Tensor y, Tensor x, float[] moments, Parameter scale, Parameter shift) {
        int width = x.features(), rows = x.batch(), part = part(rows), parts = (rows + part - 1) / part;
        float[] dx = x.differentiable() ? x.grad() : g.scratch(x.size());
        float[] scales = g.scratch(parts * width), shifts = g.scratch(parts * width), weight = scale.value();
        int keep = x.differentiable() ? g.keep(x) : 0;
        g.launch(Launch.of(
                        y.name() + ".grad",
                        parts,
                        LayerNorm::grad,
                        dx,
                        scales,
                        shifts,
                        y.grad(),
                        x.value(),
                        moments,
                        weight,
                        width,
                        rows,
                        part,
                        keep)
                .withHost((f, n) -> LayerNormBodies.grad(
                        dx, scales, shifts, y.grad(), x.value(), moments, weight, width, rows, part, keep, f, n))
                .costing((long) width * part, SLICE));
        sum(g, scale, scales, parts);
        sum(g, shift, shifts, parts);
    }

    private static int part(int rows) {
        return Math.max(SMALLEST_PART, (rows + PARTS - 1) / PARTS);
    }

    /** The gradient of a vector, from its sums over parts of the rows. */
    private static void sum(Graph g, Parameter p, float[] sums, int parts) {
        if (!p.trainable()) return;
        int width = p.rows(), keep = g.keep(p);
        g.launch(Launch.of(p.name() + ".grad", width, Bias::grad, p.grad(), sums, parts, 1, width, keep)
                .withHost((f, n) -> BiasBodies.grad(p.grad(), sums, parts, 1, width, keep, f, n))
                .costing(parts, SLICE));
    }
}
