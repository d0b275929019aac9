package org.espalier.experiment;

/** What a run tells about itself while it goes on. Calls come from the run's thread and must be quick. */
public interface Progress {
    /** Tells nobody. */
    Progress SILENT = new Progress() {};

    /**
     * A stage begins.
     *
     * @param stage such as {@code repeat.3/train}
     * @param number from 1
     * @param of how many stages the run has
     * @param weightsLeft the share of weights that survive
     */
    default void stage(long seed, String stage, int number, int of, double weightsLeft) {}

    /**
     * A training has made some updates.
     *
     * @param steps at which it ends
     */
    default void step(long step, long steps, double loss) {}

    /** Something worth a line, such as a measurement or a resumption. */
    default void note(String line) {}
}
