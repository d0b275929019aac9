package org.espalier.engine.ops;

import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Diagonal;
import org.espalier.kernels.OuterSums;
import org.espalier.kernels.Pointwise;
import org.espalier.launch.DiagonalBodies;
import org.espalier.launch.Gemm;
import org.espalier.launch.Launch;
import org.espalier.launch.OuterSumsBodies;

/** What adapters of low rank do: products with thin matrices that add to what is there, and products with diagonal ones. Examples lie in rows. */
public final class Thin {
    private static final long SLICE = 40_000;

    /** Columns of a slice of a thin gradient. */
    private static final int COLUMNS = 128;

    private Thin() {}

    /**
     * y + u · Bᵀ with y (n, out), u (n, rank) and B (out, rank). It takes the place of y, which nothing else may use.
     *
     * @param y as it came from a product
     */
    public static Tensor add(Graph g, Tensor y, Tensor u, Parameter b) {
        if (y.layout() != Layout.ROWS || u.layout() != Layout.ROWS)
            throw new IllegalArgumentException(b + ": " + y + " and " + u + " have to lie in rows");
        if (u.features() != b.columns() || y.features() != b.rows() || y.batch() != u.batch())
            throw new IllegalArgumentException("no product of " + u + " with " + b + " can be added to " + y);
        Tensor sum = g.onto(b.name() + ".out", y, u.differentiable() || b.trainable());
        int n = y.batch(), out = b.rows(), rank = b.columns();
        g.launch(Gemm.nt(sum.name(), sum.value(), u.value(), b.value(), n, out, rank, true));
        g.backward(sum, () -> {
            if (b.trainable()) g.launch(outer(b, u.value(), sum.grad(), n, rank, out, 1, g.keep(b)));
            if (u.differentiable())
                g.launch(Gemm.nn(
                        b.name() + ".input-grad", u.grad(), sum.grad(), b.value(), n, rank, out, g.keep(u) == 1));
        });
        return sum;
    }

    /** u = x · Aᵀ (n, rank) with A (rank, in). */
    public static Tensor narrow(Graph g, Tensor x, Parameter a) {
        int n = x.batch(), rank = a.rows(), in = a.columns();
        Tensor u = g.tensor(
                a.name() + ".out", n, new int[] {rank}, Layout.ROWS, a.rowSpan(), x.differentiable() || a.trainable());
        g.launch(Gemm.nt(a.name() + ".product", u.value(), x.value(), a.value(), n, rank, in, false));
        g.backward(u, () -> {
            if (a.trainable()) g.launch(outer(a, u.grad(), x.value(), n, rank, in, 0, g.keep(a)));
            if (x.differentiable())
                g.launch(Gemm.nn(a.name() + ".input-grad", x.grad(), u.grad(), a.value(), n, in, rank, g.keep(x) == 1));
        });
        return u;
    }

    /** The gradient of a thin matrix. */
    private static Launch outer(
            Parameter of, float[] thin, float[] wide, int n, int rank, int columns, int turned, int keep) {
        float[] grad = of.grad();
        return Launch.of(
                        of.name() + ".grad",
                        columns,
                        OuterSums::product,
                        grad,
                        thin,
                        wide,
                        n,
                        rank,
                        columns,
                        turned,
                        keep)
                .withHost((f, c) -> OuterSumsBodies.product(grad, thin, wide, n, rank, columns, turned, keep, f, c))
                .inSlicesOf(COLUMNS);
    }

    /** y = factor · x; x itself where the factor is 1. */
    public static Tensor scale(Graph g, Tensor x, float factor) {
        if (factor == 1f) return x;
        Tensor y = g.like(x.name() + ".scaled", x);
        g.launch(Launch.of(y.name(), y.size(), Pointwise::scale, y.value(), x.value(), factor, 0));
        g.backward(y, () -> {
            int keep = g.keep(x);
            g.launch(Launch.of(y.name() + ".grad", x.size(), Pointwise::scale, x.grad(), y.grad(), factor, keep));
        });
        return y;
    }

    /** y (n, rank) = factor · x · diag(d) with x (n, rank) and d (rank). */
    public static Tensor diagonal(Graph g, Tensor x, Parameter d, float factor) {
        float[] ones = new float[d.size()];
        java.util.Arrays.fill(ones, 1f);
        return diagonal(g, x, d, d.value(), ones, factor);
    }

    /**
     * The same with a function of d in its place.
     *
     * @param of (rank): what x is multiplied by
     * @param slope (rank): its derivative by d
     */
    public static Tensor diagonal(Graph g, Tensor x, Parameter d, float[] of, float[] slope, float factor) {
        if (x.layout() != Layout.ROWS || x.features() != d.size())
            throw new IllegalArgumentException("no diagonal product of " + x + " with " + d);
        Tensor y = g.like(x.name() + ".diagonal", x, x.differentiable() || d.trainable());
        int n = x.batch(), columns = x.features();
        g.launch(Launch.of(y.name(), n, Diagonal::right, y.value(), x.value(), of, factor, columns, 0)
                .costing(columns, SLICE));
        g.backward(y, () -> {
            if (d.trainable()) {
                float[] dd = d.grad(), dy = y.grad(), values = x.value();
                int keep = g.keep(d);
                g.launch(Launch.of(
                                d.name() + ".grad",
                                columns,
                                Diagonal::grad,
                                dd,
                                dy,
                                values,
                                slope,
                                factor,
                                n,
                                columns,
                                keep)
                        .withHost((f, c) -> DiagonalBodies.grad(dd, dy, values, slope, factor, n, columns, keep, f, c))
                        .costing(n, SLICE));
            }
            if (x.differentiable())
                g.launch(Launch.of(
                                y.name() + ".grad",
                                n,
                                Diagonal::right,
                                x.grad(),
                                y.grad(),
                                of,
                                factor,
                                columns,
                                g.keep(x))
                        .costing(columns, SLICE));
        });
        return y;
    }
}
