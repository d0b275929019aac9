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

    /** The density of each of the budget's sites, in their order: a share of all its entries, in [0, 1]. */
    double[] allocate(Budget budget);
}
