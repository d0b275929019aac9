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
}
