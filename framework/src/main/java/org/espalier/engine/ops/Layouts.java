package org.espalier.engine.ops;

import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Pointwise;
import org.espalier.launch.ElementBodies;
import org.espalier.launch.Launch;

/** Changes of shape and layout. */
public final class Layouts {
    private Layouts() {}

    /** The same tensor with the batch innermost. */
    public static Tensor columns(Graph g, Tensor x) {
        return x.layout() == Layout.COLUMNS ? x : g.remembered(x, () -> transposed(g, x, Layout.COLUMNS));
    }

    /** The same tensor with the features innermost. */
    public static Tensor rows(Graph g, Tensor x) {
        return x.layout() == Layout.ROWS ? x : g.remembered(x, () -> transposed(g, x, Layout.ROWS));
    }

    private static Tensor transposed(Graph g, Tensor x, Layout layout) {
        Tensor y = g.tensor(x.name() + ".transposed", x.batch(), x.shape(), layout, x.span(), x.differentiable());
        int from = layout == Layout.COLUMNS ? x.batch() : x.features();
        int to = layout == Layout.COLUMNS ? x.features() : x.batch();
        transpose(g, y.name(), y.value(), x.value(), from, to, 0);
        g.backward(y, () -> {
            if (x.differentiable()) transpose(g, y.name() + ".grad", x.grad(), y.grad(), to, from, g.keep(x));
        });
        return y;
    }

    private static void transpose(Graph g, String name, float[] y, float[] x, int rows, int columns, int keep) {
        g.launch(Launch.of(name, columns, Pointwise::transpose, y, x, rows, columns, keep)
                .withHost((f, c) -> ElementBodies.transpose(y, x, rows, columns, keep, f, c))
                .costing(rows, 50_000));
    }

    /** The gradient of {@code y} goes to {@code x} as it is, which has the same shape or at least the same order. */
    static void copyGrad(Graph g, Tensor y, Tensor x) {
        int keep = g.keep(x);
        g.launch(Launch.of(y.name() + ".grad", y.size(), Pointwise::copy, x.grad(), y.grad(), keep)
                .withHost((f, c) -> ElementBodies.copy(x.grad(), y.grad(), keep, f, c)));
    }

    /** Channels × height × width become one row of features; a channel then covers height × width of them. */
    public static Tensor flatten(Graph g, Tensor x) {
        int[] shape = x.shape();
        if (shape.length == 1) return x;
        int inner = x.features() / shape[0];
        Tensor y = g.tensor(
                x.name() + ".flat",
                x.batch(),
                new int[] {x.features()},
                x.layout(),
                x.span().spread(inner),
                x.differentiable());
        g.launch(Launch.of(y.name(), y.size(), Pointwise::copy, y.value(), x.value(), 0)
                .withHost((f, c) -> ElementBodies.copy(y.value(), x.value(), 0, f, c)));
        g.backward(y, () -> {
            if (x.differentiable()) copyGrad(g, y, x);
        });
        return y;
    }

    /** The last example of {@code any} alone: (1, features). Forward only. */
    public static Tensor lastRow(Graph g, Tensor any) {
        Tensor x = rows(g, any);
        Tensor y = g.tensor(x.name() + ".last", 1, x.shape(), Layout.ROWS, x.span());
        if (x.differentiable()) throw new IllegalArgumentException("taking the last row has no gradient");
        int offset = (x.batch() - 1) * x.features();
        g.launch(Launch.of(y.name(), y.size(), Pointwise::copyFrom, y.value(), x.value(), offset));
        return y;
    }
}
