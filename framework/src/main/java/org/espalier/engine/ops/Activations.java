package org.espalier.engine.ops;

import org.espalier.engine.Graph;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Dropout;
import org.espalier.kernels.Gated;
import org.espalier.kernels.Gelu;
import org.espalier.kernels.Pointwise;
import org.espalier.launch.ElementBodies;
import org.espalier.launch.GatedBodies;
import org.espalier.launch.GeluBodies;
import org.espalier.launch.Launch;

/** Functions of single elements, and sums of two tensors. */
public final class Activations {
    /** Smooth gates: x · σ(slope·(x + cubic·x³)) with the logistic function σ. */
    public enum Gate {
        /** x · σ(x), also called swish. */
        SILU(1f, 0f),
        /** The tanh form of GELU, 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))). */
        GELU_TANH((float) (2 * Math.sqrt(2 / Math.PI)), 0.044715f);

        private final float slope;
        private final float cubic;

        Gate(float slope, float cubic) {
            this.slope = slope;
            this.cubic = cubic;
        }
    }

    /** Operations worth handing to a thread, where an element costs some twenty. */
    private static final long SLICE = 400_000;

    private static final int PER_ELEMENT = 20;

    private Activations() {}

    /** y = max(x, 0). */
    public static Tensor relu(Graph g, Tensor x) {
        Tensor y = g.like("relu", x);
        g.launch(Launch.of(y.name(), x.size(), Pointwise::relu, y.value(), x.value())
                .withHost((f, c) -> ElementBodies.relu(y.value(), x.value(), f, c)));
        g.backward(y, () -> {
            if (!x.differentiable()) return;
            int keep = g.keep(x);
            g.launch(Launch.of(y.name() + ".grad", x.size(), Pointwise::reluGrad, x.grad(), y.grad(), y.value(), keep)
                    .withHost((f, c) -> ElementBodies.reluGrad(x.grad(), y.grad(), y.value(), keep, f, c)));
        });
        return y;
    }

    /**
     * y = x / (1 − share) but for a random share of the elements, which are 0 ("Dropout: A Simple Way to Prevent Neural Networks from
     * Overfitting", Srivastava et al. 2014, with the factor in training rather than afterwards).
     *
     * @param turn (1): which elements those are changes with it
     * @param salt and with this number
     */
    public static Tensor dropout(Graph g, Tensor x, int[] turn, int salt, float share) {
        Tensor y = g.like(x.name() + ".dropout", x);
        g.launch(Launch.of(y.name(), x.size(), Dropout::apply, y.value(), x.value(), turn, salt, share, 0));
        g.backward(y, () -> {
            int keep = g.keep(x);
            g.launch(Launch.of(
                    y.name() + ".grad", x.size(), Dropout::apply, x.grad(), y.grad(), turn, salt, share, keep));
        });
        return y;
    }

    /** y = a + b, of one shape: their axes become one. Of different layouts, both go into rows. */
    public static Tensor add(Graph g, Tensor a, Tensor b) {
        if (a.size() != b.size() || a.batch() != b.batch())
            throw new IllegalArgumentException("cannot add " + a + " and " + b);
        if (a.layout() != b.layout()) return add(g, Layouts.rows(g, a), Layouts.rows(g, b));
        a.span().join(b.span());
        Tensor y = g.like("sum", a, a.differentiable() || b.differentiable());
        g.launch(Launch.of(y.name(), y.size(), Pointwise::add, y.value(), a.value(), b.value())
                .withHost((f, c) -> ElementBodies.add(y.value(), a.value(), b.value(), f, c)));
        g.backward(y, () -> {
            for (Tensor x : new Tensor[] {a, b}) if (x.differentiable()) Layouts.copyGrad(g, y, x);
        });
        return y;
    }

    /** y = kind(gate) · up: a gated linear unit (Shazeer 2020) such as SwiGLU. */
    public static Tensor gated(Graph g, Tensor gate, Tensor up, Gate kind) {
        if (gate.size() != up.size() || gate.batch() != up.batch() || gate == up)
            throw new IllegalArgumentException(gate + " cannot gate " + up);
        if (gate.layout() != up.layout()) return gated(g, Layouts.rows(g, gate), Layouts.rows(g, up), kind);
        gate.span().join(up.span());
        Tensor y = g.like("gated", up, gate.differentiable() || up.differentiable());
        float slope = kind.slope, cubic = kind.cubic;
        g.launch(Launch.of(y.name(), y.size(), Gated::forward, y.value(), gate.value(), up.value(), slope, cubic)
                .withHost((f, c) -> GatedBodies.forward(y.value(), gate.value(), up.value(), slope, cubic, f, c))
                .costing(PER_ELEMENT, SLICE));
        g.backward(y, () -> {
            float[] dgate = gate.differentiable() ? gate.grad() : g.scratch(gate.size());
            float[] dup = up.differentiable() ? up.grad() : g.scratch(up.size());
            int keepGate = gate.differentiable() ? g.keep(gate) : 0, keepUp = up.differentiable() ? g.keep(up) : 0;
            g.launch(Launch.of(
                            y.name() + ".grad",
                            y.size(),
                            Gated::grad,
                            dgate,
                            dup,
                            y.grad(),
                            gate.value(),
                            up.value(),
                            slope,
                            cubic,
                            keepGate,
                            keepUp)
                    .withHost((f, c) -> GatedBodies.grad(
                            dgate, dup, y.grad(), gate.value(), up.value(), slope, cubic, keepGate, keepUp, f, c))
                    .costing(PER_ELEMENT, SLICE));
        });
        return y;
    }

    /** y = kind(x). */
    public static Tensor gate(Graph g, Tensor x, Gate kind) {
        Tensor y = g.like("gate", x);
        float slope = kind.slope, cubic = kind.cubic;
        g.launch(Launch.of(y.name(), y.size(), Gated::alone, y.value(), x.value(), slope, cubic)
                .withHost((f, c) -> GatedBodies.alone(y.value(), x.value(), slope, cubic, f, c))
                .costing(PER_ELEMENT, SLICE));
        g.backward(y, () -> {
            if (!x.differentiable()) return;
            int keep = g.keep(x);
            g.launch(Launch.of(
                            y.name() + ".grad",
                            y.size(),
                            Gated::aloneGrad,
                            x.grad(),
                            y.grad(),
                            x.value(),
                            slope,
                            cubic,
                            keep)
                    .withHost((f, c) -> GatedBodies.aloneGrad(x.grad(), y.grad(), x.value(), slope, cubic, keep, f, c))
                    .costing(PER_ELEMENT, SLICE));
        });
        return y;
    }

    /** GELU as GPT-2 has it, in its tanh form, or exactly, by the error function, as BERT has it. */
    public static Tensor gelu(Graph g, Tensor x, boolean exact) {
        if (!exact) return gate(g, x, Gate.GELU_TANH);
        Tensor y = g.like("gelu", x);
        g.launch(Launch.of(y.name(), y.size(), Gelu::forward, y.value(), x.value())
                .withHost((f, c) -> GeluBodies.forward(y.value(), x.value(), f, c))
                .costing(PER_ELEMENT, SLICE));
        g.backward(y, () -> {
            if (!x.differentiable()) return;
            int keep = g.keep(x);
            g.launch(Launch.of(y.name() + ".grad", y.size(), Gelu::grad, x.grad(), y.grad(), x.value(), keep)
                    .withHost((f, c) -> GeluBodies.grad(x.grad(), y.grad(), x.value(), keep, f, c))
                    .costing(PER_ELEMENT, SLICE));
        });
        return y;
    }
}
