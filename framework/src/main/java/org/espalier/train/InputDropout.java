package org.espalier.train;

import org.espalier.engine.Graph;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Activations;
import org.espalier.launch.Residency;

/**
 * Leaves out a share of what goes into thin factors in training, other entries at each update and in each layer. What is left out
 * follows from the seed, the layer and the update's number, so a training that goes on after a kill leaves out the same.
 */
public final class InputDropout {
    /** Nothing is left out. */
    public static final InputDropout NONE = new InputDropout(0, null);

    private final float share;
    private final Training training;
    private final int[] update = new int[1];

    private InputDropout(double share, Training training) {
        this.share = (float) share;
        this.training = training;
    }

    /** @param share of the entries that are left out, in [0, 1) */
    public static InputDropout of(double share, Training training) {
        return share == 0 ? NONE : new InputDropout(share, training);
    }

    /** @throws IllegalArgumentException if a share of this size cannot be left out */
    public static void check(double share) {
        if (!(share >= 0 && share < 1)) throw new IllegalArgumentException("dropout must lie in [0, 1), got " + share);
    }

    /** Says which update is about to be made. */
    public void next(long step) {
        if (share == 0) return;
        update[0] = (int) step;
        Residency.wrote(update);
    }

    /** x without the entries that are left out, in a graph for training; x itself in others. */
    Tensor apply(Graph g, Tensor x, String layer) {
        if (share == 0 || !g.training()) return x;
        return Activations.dropout(
                g, x, update, training.random("dropout/" + layer).nextInt(), share);
    }
}
