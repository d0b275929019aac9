package org.espalier.prune;

import java.util.Set;
import org.espalier.spec.Family;

/** What matters: a score for every entry of a site; higher is worth keeping. */
@Family("methods.score")
public interface Scorer {
    /** What has to be gathered on calibration data. */
    default Set<Statistic> needs() {
        return Set.of();
    }

    /** A finite score per entry of the weight, in its order (rows × columns). The weight is left alone. */
    float[] score(Site.Weight site, Evidence evidence);

    /** Whether a refiner that changes weights from left to right may ask for {@link #again scores of the changed weights}. */
    default boolean canBeAskedAgain() {
        return false;
    }

    /** Scores (rows, count) of columns first … first + count − 1 of the weights as a refiner has changed them. */
    default float[] again(Cut cut, int first, int count) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " scores once only");
    }
}
