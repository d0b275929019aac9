package org.espalier.prune;

import java.util.random.RandomGenerator;

/** What the walk has gathered for the methods. */
public interface Evidence {
    /**
     * A statistic of one weight, in the order of its entries.
     *
     * @throws IllegalStateException if the method did not declare that it needs it
     */
    float[] of(Site.Weight site, Statistic statistic);

    /** Randomness that belongs to this site and this place in the experiment. */
    RandomGenerator random(Site site);
}
