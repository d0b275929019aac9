package org.espalier.train;

import org.espalier.spec.Default;

/**
 * How long and in what strides to train.
 *
 * @param batch examples per update
 * @param steps the number at which training ends: updates since the beginning of the schedule
 * @param start the number of updates that count as made already; training after late rewinding starts here
 * @param optimise how gradients change weights
 * @param clip the largest norm of the whole gradient; 0 leaves it alone
 * @param recompute whether activations inside of blocks are computed again for the gradients rather than kept ("gradient
 *     checkpointing"): less memory, a third more time, the same numbers
 */
public record Course(
        int batch,
        long steps,
        @Default("0") long start,
        Optimiser optimise,
        @Default("0") double clip,
        @Default("false") boolean recompute) {
    public Course {
        if (batch < 1) throw new IllegalArgumentException("batch must be at least 1, got " + batch);
        if (steps < 1) throw new IllegalArgumentException("steps must be at least 1, got " + steps);
        if (start < 0 || start >= steps)
            throw new IllegalArgumentException("start must lie in [0, steps), got " + start + " of " + steps);
        if (clip < 0) throw new IllegalArgumentException("clip must not be negative, got " + clip);
    }
}
