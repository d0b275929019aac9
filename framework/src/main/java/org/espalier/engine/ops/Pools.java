package org.espalier.engine.ops;

import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Pool;
import org.espalier.launch.Launch;
import org.espalier.launch.PoolBodies;
import org.espalier.launch.Window;

/** Pooling of images, which lie in columns. */
public final class Pools {
    private static final long SLICE = 100_000;

    private Pools() {}

    /** The largest entry of each window; of equal ones the first takes the gradient. Padding never wins. */
    public static Tensor max(Graph g, Tensor image, int kernel, int stride, int padding) {
        Tensor x = Layouts.columns(g, image);
        Window s = window(x, kernel, stride, padding);
        Tensor y = output(g, "max-pool", x, s);
        int[] where = new int[y.size()];
        long perRow = (long) s.outWidth() * s.batch() * kernel * kernel;
        g.launch(Launch.of(
                        y.name(),
                        s.channels() * s.outHeight(),
                        Pool::largest,
                        y.value(),
                        where,
                        x.value(),
                        s.batch(),
                        s.height(),
                        s.width(),
                        kernel,
                        stride,
                        padding)
                .withHost((f, n) -> PoolBodies.max(y.value(), where, x.value(), s, f, n))
                .costing(perRow, SLICE));
        g.backward(y, () -> {
            if (!x.differentiable()) return;
            int keep = g.keep(x);
            g.launch(Launch.of(
                            y.name() + ".grad",
                            s.channels() * s.height(),
                            Pool::maxGrad,
                            x.grad(),
                            y.grad(),
                            where,
                            s.batch(),
                            s.height(),
                            s.width(),
                            kernel,
                            stride,
                            padding,
                            keep)
                    .withHost((f, n) -> PoolBodies.maxGrad(x.grad(), y.grad(), where, s, keep == 1, f, n))
                    .costing((long) s.width() * s.batch() * 2, SLICE));
        });
        return y;
    }

    /** The mean of each window, where padding counts as zeros. */
    public static Tensor average(Graph g, Tensor image, int kernel, int stride, int padding) {
        Tensor x = Layouts.columns(g, image);
        Window s = window(x, kernel, stride, padding);
        Tensor y = output(g, "average-pool", x, s);
        long perRow = (long) s.outWidth() * s.batch() * kernel * kernel;
        g.launch(Launch.of(
                        y.name(),
                        s.channels() * s.outHeight(),
                        Pool::average,
                        y.value(),
                        x.value(),
                        s.batch(),
                        s.height(),
                        s.width(),
                        kernel,
                        stride,
                        padding)
                .costing(perRow, SLICE));
        g.backward(y, () -> {
            if (!x.differentiable()) return;
            g.launch(Launch.of(
                            y.name() + ".grad",
                            s.channels() * s.height(),
                            Pool::averageGrad,
                            x.grad(),
                            y.grad(),
                            s.batch(),
                            s.height(),
                            s.width(),
                            kernel,
                            stride,
                            padding,
                            g.keep(x))
                    .costing((long) s.width() * s.batch() * kernel * kernel, SLICE));
        });
        return y;
    }

    /** The mean of each channel over all its positions: (channels, height, width) becomes (channels). */
    public static Tensor global(Graph g, Tensor image) {
        Tensor x = Layouts.columns(g, image);
        int channels = x.shape()[0], positions = x.features() / channels;
        Tensor y = g.tensor("global-pool", x.batch(), new int[] {channels}, x.layout(), x.span(), x.differentiable());
        long perChannel = (long) positions * x.batch();
        g.launch(Launch.of(y.name(), channels, Pool::mean, y.value(), x.value(), x.batch(), positions)
                .withHost((f, n) -> PoolBodies.mean(y.value(), x.value(), x.batch(), positions, f, n))
                .costing(perChannel, SLICE));
        g.backward(y, () -> {
            if (!x.differentiable()) return;
            g.launch(Launch.of(
                            y.name() + ".grad",
                            channels,
                            Pool::meanGrad,
                            x.grad(),
                            y.grad(),
                            x.batch(),
                            positions,
                            g.keep(x))
                    .costing(perChannel, SLICE));
        });
        return y;
    }

    /**
     * The sum of {@code groups} equally long parts of the features: one-hot tokens side by side become one count per token. For inputs
     * only, so no gradient flows through it.
     */
    public static Tensor groups(Graph g, Tensor input, int groups) {
        if (input.differentiable()) throw new IllegalArgumentException(input + " is no input");
        if (input.features() % groups != 0)
            throw new IllegalArgumentException(input + " does not fall into " + groups + " equal parts");
        Tensor x = Layouts.columns(g, input);
        int features = x.features() / groups;
        Span span = Span.of(Axis.of("groups", features).pin());
        Tensor y = g.tensor("groups", x.batch(), new int[] {features}, x.layout(), span, x.differentiable());
        g.launch(Launch.of(y.name(), features, Pool::sum, y.value(), x.value(), x.batch(), features, groups)
                .costing((long) groups * x.batch(), SLICE));
        return y;
    }

    private static Window window(Tensor x, int kernel, int stride, int padding) {
        int[] in = x.shape();
        if (in.length != 3) throw new IllegalArgumentException(x + " is no image to be pooled");
        if (2 * padding > kernel)
            throw new IllegalArgumentException("padding " + padding + " is more than half of the kernel " + kernel);
        return new Window(x.batch(), in[0], in[1], in[2], in[0], kernel, stride, padding);
    }

    private static Tensor output(Graph g, String name, Tensor x, Window s) {
        int[] shape = {s.channels(), s.outHeight(), s.outWidth()};
        return g.tensor(name, x.batch(), shape, x.layout(), x.span(), x.differentiable());
    }
}
