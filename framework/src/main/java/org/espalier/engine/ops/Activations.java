package org.espalier.engine.ops;

import org.espalier.engine.Graph;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Pointwise;
import org.espalier.launch.ElementBodies;
import org.espalier.launch.Launch;

/** Functions of single elements, and sums of two tensors. */
public final class Activations {
    private Activations() {}

    /** y = max(x, 0). */
    public static Tensor relu(Graph g, Tensor x) {
        Tensor y = g.like("relu", x);
        g.launch(Launch.of(y.name(), x.size(), Pointwise::relu, y.value(), x.value())
                .withHost((f, c) -> ElementBodies.relu(y.value(), x.value(), f, c)));
        g.backward(() -> {
            if (!x.differentiable()) return;
            int keep = g.keep(x);
            g.launch(Launch.of(y.name() + ".grad", x.size(), Pointwise::reluGrad, x.grad(), y.grad(), y.value(), keep)
                    .withHost((f, c) -> ElementBodies.reluGrad(x.grad(), y.grad(), y.value(), keep, f, c)));
        });
        return y;
    }

    /** y = a + b, of one shape and layout: their axes become one. */
    public static Tensor add(Graph g, Tensor a, Tensor b) {
        if (a.size() != b.size() || a.layout() != b.layout())
            throw new IllegalArgumentException("cannot add " + a + " and " + b);
        a.span().join(b.span());
        Tensor y = g.like("sum", a);
        g.launch(Launch.of(y.name(), y.size(), Pointwise::add, y.value(), a.value(), b.value())
                .withHost((f, c) -> ElementBodies.add(y.value(), a.value(), b.value(), f, c)));
        g.backward(() -> {
            for (Tensor x : new Tensor[] {a, b}) if (x.differentiable()) Layouts.copyGrad(g, y, x);
        });
        return y;
    }
}
