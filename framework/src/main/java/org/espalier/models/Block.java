package org.espalier.models;

import java.util.List;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;

/** One of the parts that a network is a row of. One-shot pruning goes from block to block, so that only one has to be looked at at a time. */
public interface Block {
    /** What errors and reports call it, such as {@code model.layers.3}. */
    String name();

    /**
     * Traces the block.
     *
     * @param x what the block before it gives; for a language model (sequences · length, width), sequence after sequence
     * @param length tokens of a sequence; 1 where examples are no sequences
     */
    Tensor forward(Graph g, Tensor x, int length);

    List<Parameter> parameters();

    /** The weight matrices: what can be pruned. */
    default List<Parameter> weights() {
        return parameters().stream()
                .filter(p -> p.kind() == Parameter.Kind.WEIGHT)
                .toList();
    }
}
