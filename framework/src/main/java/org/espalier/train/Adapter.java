package org.espalier.train;

import org.espalier.models.Model;
import org.espalier.spec.Family;

/** How a network is trained through few parameters that stand beside its weights, or are some of them. */
@Family("methods.adapt")
public interface Adapter {
    /** Whether weights that are zero by a mask are zero after {@link Adaptation#merge}. It is checked. */
    boolean keepsZeros();

    /**
     * Asks whether this network can be adapted, before anything runs.
     *
     * @throws IllegalArgumentException if not, naming the layer to blame
     */
    default void check(Model model) {}

    /**
     * Asks whether a training of this length will do, before anything runs.
     *
     * @throws IllegalArgumentException if not
     */
    default void check(Course course) {}

    /** Puts the adapter in place. All of the network's own parameters are frozen meanwhile. */
    Adaptation attach(Training training);
}
