package org.espalier.models;

import java.util.List;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Activations;

/** What a block does to each token by itself: widen, bend, narrow. */
public final class FeedForward implements Layer {
    private interface Body {
        Tensor forward(Graph g, Tensor x);
    }

    private final List<Linear> layers;
    private final Body body;

    private FeedForward(List<Linear> layers, Body body) {
        this.layers = layers;
        this.body = body;
    }

    /** down(act(gate(x)) · up(x)), as Shazeer 2020 proposed; layers {@code prefix.gate_proj}, {@code up_proj}, {@code down_proj}. */
    public static FeedForward gated(String prefix, Span width, int hidden, Activations.Gate kind) {
        Linear gate = Linear.withoutBias(prefix + ".gate_proj", width, hidden);
        Linear up = Linear.along(prefix + ".up_proj", width, gate.out(), false);
        Linear down = Linear.along(prefix + ".down_proj", gate.out(), width, false);
        return new FeedForward(
                List.of(gate, up, down),
                (g, x) -> down.forward(g, Activations.gated(g, gate.forward(g, x), up.forward(g, x), kind)));
    }

    /**
     * down(gelu(up(x))) with biases.
     *
     * @param exact whether the error function itself is used, as in BERT, or its approximation by tanh, as in GPT-2
     */
    public static FeedForward plain(String up, String down, Span width, int hidden, boolean exact) {
        Linear first = Linear.of(up, width, hidden);
        Linear second = Linear.along(down, first.out(), width, true);
        return new FeedForward(
                List.of(first, second), (g, x) -> second.forward(g, Activations.gelu(g, first.forward(g, x), exact)));
    }

    @Override
    public Tensor forward(Graph g, Tensor x) {
        return body.forward(g, x);
    }

    @Override
    public List<Parameter> parameters() {
        return layers.stream().flatMap(l -> l.parameters().stream()).toList();
    }

    @Override
    public void initialise(Init init, long seed) {
        for (Linear layer : layers) layer.initialise(init, seed);
    }
}
