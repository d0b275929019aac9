package org.espalier.models;

import org.espalier.spec.Family;

/** A kind of network as a spec names it, with its parameters. */
@Family("models.zoo")
public interface Zoo {
    /**
     * Builds the network with freshly drawn weights; another seed is a re-initialisation.
     *
     * @param input the shape of one example, {@code (features)} or {@code (channels, height, width)}
     * @throws IllegalArgumentException if the network has no form for such inputs
     */
    Model build(int[] input, int classes, long seed);
}
