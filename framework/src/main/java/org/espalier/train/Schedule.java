package org.espalier.train;

import org.espalier.spec.Family;

/** How the learning rate changes while training goes on. */
@Family("methods.schedule")
public interface Schedule {
    /**
     * What to multiply the rate by.
     *
     * @param step the update about to be made, from 0
     * @param total how many there will be
     */
    double factor(long step, long total);

    /** Rises linearly from 1/warmup to 1 over the first {@code warmup} updates. */
    static double rising(long step, long warmup) {
        return step < warmup ? (step + 1.0) / warmup : 1;
    }
}
