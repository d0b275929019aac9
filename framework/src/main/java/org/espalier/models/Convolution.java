package org.espalier.models;

import java.util.List;
import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Convolutions;

/** A convolution with square kernels: {@code name.weight} (out, in, kernel, kernel), and {@code name.bias} (out) if it has one. */
public final class Convolution implements Layer {
    private final Parameter weight;
    private final Parameter bias;
    private final int stride;
    private final int padding;

    private Convolution(String name, Span in, int out, int kernel, int stride, int padding, boolean biased) {
        Span rows = Span.of(Axis.of(name, out));
        this.weight = Parameter.weight(name + ".weight", rows, in.spread(kernel * kernel), kernel, kernel);
        this.bias = biased ? Parameter.vector(name + ".bias", Parameter.Kind.BIAS, rows) : null;
        this.stride = stride;
        this.padding = padding;
    }

    /** With a bias. */
    public static Convolution of(String name, Span in, int out, int kernel, int stride, int padding) {
        return new Convolution(name, in, out, kernel, stride, padding, true);
    }

    /** Without one: what comes before a batch normalisation, whose shift does the same. */
    public static Convolution withoutBias(String name, Span in, int out, int kernel, int stride, int padding) {
        return new Convolution(name, in, out, kernel, stride, padding, false);
    }

    /** The span of the output channels: what the next layer takes. */
    public Span out() {
        return weight.rowSpan();
    }

    @Override
    public Tensor forward(Graph g, Tensor x) {
        return Convolutions.convolve(g, x, weight, bias, stride, padding);
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
