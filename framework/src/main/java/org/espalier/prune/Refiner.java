package org.espalier.prune;

import java.util.Set;
import org.espalier.spec.Family;

/** What is done about the damage once a mask is chosen: better masks, or better values for what survives. */
@Family("methods.refine")
public interface Refiner {
    /** What has to be gathered on calibration data. */
    default Set<Statistic> needs() {
        return Set.of();
    }

    /** Whether it may exchange entries of the mask. */
    default boolean changesMask() {
        return false;
    }

    /** Whether it changes the surviving weights: afterwards nothing can change the mask. */
    default boolean changesWeights() {
        return false;
    }

    /** Whether it can only work on layers that have a bias. */
    default boolean needsBias() {
        return false;
    }

    /**
     * Asked before anything runs.
     *
     * @throws IllegalArgumentException if it cannot work within this recipe
     */
    default void check(Recipe recipe) {}

    /** Works on one weight. The number of kept entries stays as it is, but for the pattern's own rounding. */
    void refine(Cut cut);
}
