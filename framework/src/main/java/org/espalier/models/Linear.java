package org.espalier.models;

import java.util.List;
import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Dense;

/** A fully connected layer: {@code name.weight} (out, in), and {@code name.bias} (out) unless it is left out. */
public final class Linear implements Layer {
    private final Parameter weight;
    private final Parameter bias;

    private Linear(String name, Span in, Span rows, boolean biased) {
        weight = Parameter.weight(name + ".weight", rows, in);
        bias = biased ? Parameter.vector(name + ".bias", Parameter.Kind.BIAS, rows) : null;
    }

    public static Linear of(String name, Span in, int out) {
        return new Linear(name, in, Span.of(Axis.of(name, out)), true);
    }

    public static Linear withoutBias(String name, Span in, int out) {
        return new Linear(name, in, Span.of(Axis.of(name, out)), false);
    }

    /** One whose outputs lie along a known span, such as that of attention heads. */
    public static Linear along(String name, Span in, Span out, boolean biased) {
        return new Linear(name, in, out, biased);
    }

    /** The span of the outputs: what the next layer takes. */
    public Span out() {
        return weight.rowSpan();
    }

    @Override
    public Tensor forward(Graph g, Tensor x) {
        return Dense.linear(g, x, weight, bias);
    }

    @Override
    public List<Parameter> parameters() {
        return bias == null ? List.of(weight) : List.of(weight, bias);
    }

    @Override
    public void initialise(Init init, long seed) {
        init.weight(weight, seed);
        if (bias != null) init.bias(bias, weight.fanIn(), seed);
    }
}
