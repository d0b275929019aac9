package org.espalier.select;

import java.io.IOException;
import java.util.Set;
import org.espalier.data.Dataset;
import org.espalier.models.Model;
import org.espalier.spec.Family;

/** Decides which examples of a part of the data are used. */
@Family("methods.select")
public interface Selector {
    /**
     * Chooses {@code pool.keep()} examples. It leaves the model as it is, depends on nothing but the pool, and on the pool's seed for all
     * randomness.
     *
     * @throws IOException if something it needs can't be read; the message names it
     */
    Selection select(Candidates pool) throws IOException;

    /** Whether a spec has to say how many examples are wanted. */
    default boolean needsKeep() {
        return true;
    }

    /** Other parts of the data that it looks at, such as a target: a plan is refused unless they are there. */
    default Set<String> parts() {
        return Set.of();
    }

    /** States of the network that a {@code save} must have remembered before: likewise. */
    default Set<String> saves() {
        return Set.of();
    }

    /**
     * How much arithmetic it takes, for the plan: examples led through the network, where one that a network is trained on counts three
     * times.
     *
     * @param there how many examples there are to choose from
     */
    default double passes(long there) {
        return 0;
    }

    /**
     * Refuses what it can't work with, before anything runs.
     *
     * @param model the network, whose weights may be anything
     * @param form of the examples
     * @throws IllegalArgumentException saying why
     */
    default void check(Model model, Dataset.Shape form) {}
}
