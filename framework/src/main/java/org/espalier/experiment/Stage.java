package org.espalier.experiment;

/**
 * One execution of one step: a spec's program with its loops unrolled.
 *
 * @param step what to do
 * @param path where it stands, such as {@code repeat.3/train}; with the seed it decides all randomness
 * @param turn the turn of the loop around it, from 1; 0 outside of loops
 */
public record Stage(Step step, String path, int turn) {
    /** The group of this stage's curves: {@code train.3}. */
    public String curve() {
        return step.name() + "." + turn;
    }
}
