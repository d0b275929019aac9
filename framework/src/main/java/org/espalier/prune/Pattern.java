package org.espalier.prune;

import org.espalier.spec.Family;

/** Which shapes of zeros are allowed. */
@Family("methods.pattern")
public interface Pattern {
    /**
     * The entries to keep.
     *
     * @param score (rows, cols), higher is worth keeping, −∞ for what is pruned already
     * @param density share of all entries to keep
     * @return true where an entry is kept
     */
    boolean[] mask(float[] score, int rows, int cols, double density);

    /** How many consecutive columns have to be decided together; 0 where any part of a matrix may be decided on its own. */
    default int span() {
        return 0;
    }

    /** Of how many groups of entries the kept count is rounded separately. */
    default long groups(int rows, int cols) {
        return 1;
    }

    /** Whether it keeps the asked count of each group to the entry; a threshold that drops ties as well does not. */
    default boolean exact() {
        return true;
    }

    /** The densities it can really give to the sites, as near to the wish as possible, and in all as near to its total. */
    default double[] realised(Budget budget, double[] wish) {
        return wish;
    }

    /**
     * Asked before anything runs.
     *
     * @throws IllegalArgumentException if it cannot work within this recipe; the message begins with the component to blame
     */
    default void check(Recipe recipe) {}

    /**
     * Asked before anything runs.
     *
     * @throws PruningException if it does not fit this weight
     */
    default void check(Site.Weight site) {}
}
