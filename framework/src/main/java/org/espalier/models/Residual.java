package org.espalier.models;

import java.util.ArrayList;
import java.util.List;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Activations;

/**
 * The basic block of He et al. 2016: two 3×3 convolutions with batch normalisation beside a shortcut, which is the identity, or a
 * 1×1 convolution with batch normalisation where the block changes channels or size (the paper's option B).
 */
public final class Residual implements Layer {
    private final List<Layer> body;
    private final List<Layer> shortcut;
    private final Span out;

    private Residual(String name, Span in, int outs, int stride) {
        Convolution first = Convolution.withoutBias(name + ".conv1", in, outs, 3, stride, 1);
        Convolution second = Convolution.withoutBias(name + ".conv2", first.out(), outs, 3, 1, 1);
        body = List.of(
                first,
                BatchNorm.of(name + ".norm1", first.out()),
                Activations::relu,
                second,
                BatchNorm.of(name + ".norm2", second.out()));
        shortcut = stride == 1 && in.length() == outs ? List.of() : projection(name + ".shortcut", in, outs, stride);
        out = second.out();
    }

    public static Residual of(String name, Span in, int outs, int stride) {
        return new Residual(name, in, outs, stride);
    }

    private static List<Layer> projection(String name, Span in, int outs, int stride) {
        Convolution convolution = Convolution.withoutBias(name, in, outs, 1, stride, 0);
        return List.of(convolution, BatchNorm.of(name + ".norm", convolution.out()));
    }

    /** The span of the output channels. */
    public Span out() {
        return out;
    }

    @Override
    public Tensor forward(Graph g, Tensor x) {
        return Activations.relu(g, Activations.add(g, through(body, g, x), through(shortcut, g, x)));
    }

    private static Tensor through(List<Layer> layers, Graph g, Tensor x) {
        Tensor y = x;
        for (Layer layer : layers) y = layer.forward(g, y);
        return y;
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        for (Layer layer : body) all.addAll(layer.parameters());
        for (Layer layer : shortcut) all.addAll(layer.parameters());
        return List.copyOf(all);
    }

    @Override
    public void initialise(Init init, long seed) {
        for (Layer layer : body) layer.initialise(init, seed);
        for (Layer layer : shortcut) layer.initialise(init, seed);
    }
}
