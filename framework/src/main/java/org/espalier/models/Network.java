package org.espalier.models;

import java.util.List;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;

/** A network whose layers follow one another. */
public final class Network implements Model {
    private final int[] inputShape;
    private final int classes;
    private final Layout layout;
    private final List<Layer> layers;
    private final List<Parameter> parameters;

    private Network(int[] inputShape, int classes, Layout layout, List<Layer> layers) {
        this.inputShape = inputShape.clone();
        this.classes = classes;
        this.layout = layout;
        this.layers = List.copyOf(layers);
        this.parameters = layers.stream().flatMap(l -> l.parameters().stream()).toList();
        long names = parameters.stream().map(Parameter::name).distinct().count();
        if (names != parameters.size())
            throw new IllegalArgumentException("two parameters share a name: " + parameters);
    }

    /** Layers with their weights as they are. */
    public static Network of(int[] inputShape, int classes, Layout layout, List<Layer> layers) {
        return new Network(inputShape, classes, layout, layers);
    }

    /** The same network with all weights drawn anew. */
    public Network initialised(Init init, long seed) {
        for (Layer layer : layers) layer.initialise(init, seed);
        return this;
    }

    @Override
    public Tensor forward(Graph g, Tensor input) {
        Tensor x = input;
        for (Layer layer : layers) x = layer.forward(g, x);
        return x;
    }

    @Override
    public List<Parameter> parameters() {
        return parameters;
    }

    @Override
    public int[] inputShape() {
        return inputShape.clone();
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public Layout layout() {
        return layout;
    }
}
