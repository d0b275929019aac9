package org.espalier.prune;

import java.util.Set;
import org.espalier.spec.Family;

/** How much each site keeps. */
@Family("methods.allocate")
public interface Allocator {
    default Set<Statistic> needs() {
        return Set.of();
    }

    /** Whether it works towards a given ratio; some methods find out themselves how much to prune. */
    default boolean needsRatio() {
        return true;
    }

    /** Whether it asks for the scores of all sites at once, which are as many numbers as there are weights. */
    default boolean needsAllScores() {
        return false;
    }

    /** Whether every site gets the same density. */
    default boolean uniform() {
        return false;
    }

    /**
     * Asked before anything runs, with a budget in which nothing can be looked up but sites, blocks and ratio.
     *
     * @throws PruningException if it cannot share out this budget
     */
    default void check(Budget budget) {}

    /** The density of each of the budget's sites, in their order: a share of all its entries, in [0, 1]. */
    double[] allocate(Budget budget);
}
