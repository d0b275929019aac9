package org.espalier.prune;

import java.util.List;

/**
 * What an allocator may look at: the network as it stands before this pruning. Every call may be a pass of its own over the
 * calibration data, so an allocator should ask for each thing once.
 */
public interface Survey {
    /** Sees the sites of one block, given by their places in the budget, while their evidence is at hand. */
    @FunctionalInterface
    interface Visitor {
        void block(List<Integer> sites, Evidence evidence);
    }

    /** The step's own scores by site, −∞ for what is pruned already. */
    List<float[]> scores();

    /** Scores by another method. */
    List<float[]> scores(Scorer by);

    /** Visits the blocks in order, with the statistics that the allocator has declared. */
    void evidence(Visitor visitor);

    /**
     * For each block the inner products (n, n) of the n calibration examples as they enter it, all their features taken as one
     * vector.
     */
    List<double[]> inputProducts();

    /** Losses on calibration data. */
    Probe probe();

    /** Randomness of this place in the experiment. */
    java.util.random.RandomGenerator random(Site site);

    /** The loss with one weight replaced; afterwards the network is as it was, bit for bit. */
    interface Probe {
        /** How many batches the calibration examples make. */
        int batches();

        /** The mean loss of one batch if the weight had these values. */
        double loss(int batch, Site.Weight site, float[] values);
    }
}
