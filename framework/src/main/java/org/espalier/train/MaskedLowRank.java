package org.espalier.train;

import java.util.List;
import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Masked;
import org.espalier.launch.Blas;
import org.espalier.launch.Gemm;
import org.espalier.launch.Launch;
import org.espalier.launch.MaskedBodies;

/**
 * A pruned weight W (out, in) with a change of low rank in the places that survive: M = W + scale · (left · right) where W is not zero,
 * and y = x · Mᵀ.
 *
 * @param left (out, rank)
 * @param right (rank, in)
 * @param way what is kept for the gradient, and which gradient it is
 */
public record MaskedLowRank(Parameter weight, Parameter left, Parameter right, float scale, Way way)
        implements AdaptedWeight {
    /** How the gradient is found. */
    public enum Way {
        /** The derivative, with M kept from the forward pass: what automatic differentiation does. */
        KEPT,
        /** The derivative, with M made again. */
        RECOMPUTED,
        /** As if nothing were masked, and without the scale: products with thin matrices only, and M made again for the input alone. */
        STRAIGHT_THROUGH
    }

    /** Whether a scaled entry is worth handing to a thread. */
    private static final int SLICE = 1 << 16;

    /** The parameters of a weight, named after it, with {@code rank} columns and rows. */
    public static Parameter left(Parameter weight, String name, int rank) {
        return Parameter.weight(weight.name() + "." + name, weight.rowSpan(), ranks(name, rank));
    }

    /** {@link #left}. */
    public static Parameter right(Parameter weight, String name, int rank) {
        return Parameter.weight(weight.name() + "." + name, ranks(name, rank), weight.columnSpan());
    }

    private static Span ranks(String name, int rank) {
        return Span.of(Axis.of(name, rank).pin());
    }

    private int out() {
        return weight.rows();
    }

    private int in() {
        return weight.columns();
    }

    private int rank() {
        return left.columns();
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(left, right);
    }

    @Override
    public Tensor forward(Graph g, Tensor x) {
        g.observed(weight, x, 1);
        int n = x.batch();
        Tensor y = g.tensor(weight.name() + ".out", n, new int[] {out()}, Layout.ROWS, weight.rowSpan());
        float[] merged = merged(g);
        g.launch(Gemm.nt(weight.name() + ".product", y.value(), x.value(), merged, n, out(), in(), false));
        g.backward(y, () -> {
            if (x.differentiable()) {
                float[] again = way == Way.KEPT ? merged : merged(g);
                g.launch(Gemm.nn(
                        weight.name() + ".input-grad", x.grad(), y.grad(), again, n, in(), out(), g.keep(x) == 1));
            }
            if (way == Way.STRAIGHT_THROUGH) thin(g, x, y);
            else exact(g, x, y);
        });
        return y;
    }

    /** Launches that make M. */
    private float[] merged(Graph g) {
        float[] m = g.scratch(weight.size()), w = weight.value();
        g.launch(Gemm.nn(weight.name() + ".change", m, left.value(), right.value(), out(), in(), rank(), false));
        g.launch(Launch.of(weight.name() + ".merged", weight.size(), Masked::merge, m, w, scale)
                .withHost((f, c) -> MaskedBodies.merge(m, w, scale, f, c))
                .inSlicesOf(SLICE));
        return m;
    }

    private void thin(Graph g, Tensor x, Tensor y) {
        int n = x.batch();
        float[] inner = g.scratch(n * rank()), outer = g.scratch(n * rank());
        boolean keepLeft = g.keep(left) == 1, keepRight = g.keep(right) == 1;
        g.launch(Gemm.nt(right.name() + ".inner", inner, x.value(), right.value(), n, rank(), in(), false));
        g.launch(Gemm.tn(left.name() + ".grad", left.grad(), y.grad(), inner, out(), rank(), n, keepLeft));
        g.launch(Gemm.nn(left.name() + ".outer", outer, y.grad(), left.value(), n, rank(), out(), false));
        g.launch(Gemm.tn(right.name() + ".grad", right.grad(), outer, x.value(), rank(), in(), n, keepRight));
    }

    private void exact(Graph g, Tensor x, Tensor y) {
        int n = x.batch();
        float[] whole = g.scratch(weight.size()), w = weight.value();
        boolean keepLeft = g.keep(left) == 1, keepRight = g.keep(right) == 1;
        g.launch(Gemm.tn(weight.name() + ".grad", whole, y.grad(), x.value(), out(), in(), n, false));
        g.launch(Launch.of(weight.name() + ".gated", weight.size(), Masked::gate, whole, w, scale)
                .withHost((f, c) -> MaskedBodies.gate(whole, w, scale, f, c))
                .inSlicesOf(SLICE));
        g.launch(Gemm.nt(left.name() + ".grad", left.grad(), whole, right.value(), out(), rank(), in(), keepLeft));
        g.launch(Gemm.tn(right.name() + ".grad", right.grad(), left.value(), whole, rank(), in(), out(), keepRight));
    }

    @Override
    public void merge(float[] values) {
        float[] merged = new float[values.length];
        Blas.product(
                false,
                false,
                out(),
                in(),
                rank(),
                left.value(),
                0,
                rank(),
                right.value(),
                0,
                in(),
                0f,
                merged,
                0,
                in());
        Masked.merge(merged, values, scale, 0, values.length);
        System.arraycopy(merged, 0, values, 0, values.length);
    }
}
