package org.espalier.prune;

import java.util.random.RandomGenerator;

/** What the walk has gathered for the methods. */
public interface Evidence {
    /**
     * A statistic of one weight, in the order of its entries or, for statistics of inputs, of its columns. Weights that share an
     * input may be given the same array: it is to be left alone.
     *
     * @throws IllegalStateException if the method did not declare that it needs it
     */
    float[] of(Site.Weight site, Statistic statistic);

    /** Randomness that belongs to this site and this place in the experiment. */
    RandomGenerator random(Site site);

    /** Tokens of one calibration example; 1 where examples are no sequences. */
    default int length() {
        return 1;
    }

    /** The factor of the inverse of {@link Statistic#GRAM}, which the method has to declare; see {@link Curvature}. */
    default Curvature curvature(Site.Weight site, double damping) {
        return Curvature.of(of(site, Statistic.GRAM), damping);
    }
}
