package org.espalier.models;

import org.espalier.engine.Graph;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Layouts;
import org.espalier.kernels.Pointwise;
import org.espalier.launch.Launch;

/**
 * The keys and values of one block's tokens so far, for one sequence.
 *
 * @param room how many tokens it can hold
 * @param keys (room, key heads · head width), already turned by their positions
 * @param values likewise
 */
record KeyValues(int room, float[] keys, float[] values) {
    KeyValues(int room, int width) {
        this(room, new float[room * width], new float[room * width]);
    }

    /** Copies the keys and values of a sequence's beginning. */
    void keep(Graph g, Tensor k, Tensor v) {
        copy(g, "keys", keys, Layouts.rows(g, k));
        copy(g, "values", values, Layouts.rows(g, v));
    }

    private static void copy(Graph g, String name, float[] to, Tensor from) {
        if (from.size() > to.length)
            throw new IllegalArgumentException(
                    "a sequence of " + from.batch() + " tokens does not fit into the memory");
        g.launch(Launch.of(from.name() + "." + name, from.size(), Pointwise::copyFrom, to, from.value(), 0));
    }
}
