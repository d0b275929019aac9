package org.espalier.models;

import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Losses;

/**
 * A network that can be traced, again and again: for training and for evaluation, at any batch size, and anew after it was cut. All
 * state is in its parameters.
 */
public interface Model {
    /** Traces the network: {@code input} has {@link #inputShape} and {@link #layout}, the result one logit per class. */
    Tensor forward(Graph g, Tensor input);

    /**
     * Traces the network with its loss: {@code weights[i]} times the cross-entropy of {@code labels[i]}. Networks with very many
     * classes do it without holding all logits.
     */
    default Losses.Loss loss(Graph g, Tensor input, int[] labels, float[] weights) {
        return Losses.crossEntropy(g, forward(g, input), labels, weights);
    }

    /** Traces what lies before the first block. */
    default Tensor enter(Graph g, Tensor input) {
        return input;
    }

    /** The same for walks that go block by block: a network whose weights lie in files looks at no more of them than it needs. */
    default Entrance entrance(Graph g, Tensor input) {
        return new Entrance(g, enter(g, input), input.value(), () -> {});
    }

    /** The network as a row of blocks, first to last, without what lies before and after them: one that is all of it, if it has no such form. */
    default List<Block> blocks() {
        Model whole = this;
        return List.of(new Block() {
            @Override
            public String name() {
                return "network";
            }

            @Override
            public Tensor forward(Graph g, Tensor x, int length) {
                return whole.forward(g, x);
            }

            @Override
            public List<Parameter> parameters() {
                return whole.parameters();
            }
        });
    }

    /**
     * The shape in which the network takes an example of the data.
     *
     * @throws IllegalArgumentException if it can't take such examples
     */
    default int[] takes(int[] example) {
        int[] own = inputShape();
        if (product(own) != product(example))
            throw new IllegalArgumentException("the network takes " + Arrays.toString(own)
                    + ", the data has examples of " + Arrays.toString(example));
        return own;
    }

    private static int product(int[] shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    /** Told of every product with a weight that one example takes. */
    @FunctionalInterface
    interface Use {
        /** @param positions how often each entry of the weight is used */
        void product(Parameter weight, long positions);
    }

    /** Counts the products that one example takes. */
    default void products(Use use) {
        Graph graph = Graph.forEvaluation();
        graph.observe((g, weight, input, positions) -> use.product(weight, positions));
        forward(graph, input(graph, 1));
    }

    /** All parameters, buffers included, in the order of the layers; names are unique. */
    List<Parameter> parameters();

    /** The shape of one example: {@code (features)} or {@code (channels, height, width)}. */
    int[] inputShape();

    int classes();

    /** How the examples of a batch have to lie: columns for perceptrons, whose sparse products want them so. */
    Layout layout();

    /** A graph's input of this network's shape and layout. */
    default Tensor input(Graph g, int batch) {
        return g.input("input", batch, inputShape(), layout());
    }

    /** Whether an example's result in training depends on the others of its batch, as batch norm makes it: padding would show. */
    default boolean mixesExamples() {
        return parameters().stream().anyMatch(p -> p.kind() == Parameter.Kind.BUFFER);
    }

    /** The weight matrices: what can be pruned entry by entry. */
    default List<Parameter> weights() {
        return parameters().stream()
                .filter(p -> p.kind() == Parameter.Kind.WEIGHT)
                .toList();
    }

    /** What an optimiser updates: everything but buffers. */
    default List<Parameter> trainable() {
        return parameters().stream().filter(Parameter::trainable).toList();
    }

    /** Lets go of all gradients, which belong to plans traced before: to be called before a graph for training is traced. */
    default void releaseGradients() {
        parameters().forEach(Parameter::releaseGradient);
    }

    /**
     * The parameter of this name.
     *
     * @throws NoSuchElementException if there is none; the message lists those that exist
     */
    default Parameter parameter(String name) {
        return parameters().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no parameter " + name + " among "
                        + parameters().stream().map(Parameter::name).toList()));
    }
}
