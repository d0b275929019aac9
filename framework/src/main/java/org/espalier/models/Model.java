package org.espalier.models;

import java.util.List;
import java.util.NoSuchElementException;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;

/**
 * A network that can be traced, again and again: for training and for evaluation, at any batch size, and anew after it was cut. All
 * state is in its parameters.
 */
public interface Model {
    /** Traces the network: {@code input} has {@link #inputShape} and {@link #layout}, the result one logit per class. */
    Tensor forward(Graph g, Tensor input);

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
