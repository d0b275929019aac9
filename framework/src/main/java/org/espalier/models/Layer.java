package org.espalier.models;

import java.util.List;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;

/** A piece of a network. Sizes are read from the parameters at every trace, so a cut layer is traced at its new size. */
@FunctionalInterface
public interface Layer {
    Tensor forward(Graph g, Tensor x);

    /** The layer's own parameters, in order. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /** Draws the layer's weights; what is drawn depends on the seed and the parameters' names alone. */
    default void initialise(Init init, long seed) {}
}
