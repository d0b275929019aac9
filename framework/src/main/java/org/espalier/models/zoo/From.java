package org.espalier.models.zoo;

import org.espalier.models.Model;
import org.espalier.models.Zoo;

/**
 * The network and the weights with which another spec ended; that spec is run first if it has not been.
 *
 * @param spec the other spec's file, relative to the one that names it
 */
public record From(String spec) implements Zoo {
    /** Whoever plans an experiment reads the other spec and builds its network instead. */
    @Override
    public Model build(int[] input, int classes, long seed) {
        throw new IllegalStateException("the network of " + spec + " is built by its own spec");
    }
}
