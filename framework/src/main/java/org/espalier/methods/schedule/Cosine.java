package org.espalier.methods.schedule;

import org.espalier.spec.Default;
import org.espalier.spec.Paper;
import org.espalier.train.Schedule;

/**
 * The rate follows half a cosine from its full value down to {@code floor} times it.
 *
 * @param warmup updates over which the rate first rises linearly; the cosine begins after them
 * @param floor the share of the rate that is left at the end
 */
@Paper(title = "SGDR: Stochastic Gradient Descent with Warm Restarts", year = 2016, id = "1608.03983")
public record Cosine(
        @Default("0") long warmup, @Default("0") double floor) implements Schedule {
    public Cosine {
        if (floor < 0 || floor > 1) throw new IllegalArgumentException("floor must lie in [0, 1], got " + floor);
    }

    @Override
    public double factor(long step, long total) {
        if (step < warmup) return Schedule.rising(step, warmup);
        double progress = Math.min(1, (step - warmup) / (double) Math.max(1, total - warmup));
        return floor + (1 - floor) * 0.5 * (1 + StrictMath.cos(Math.PI * progress));
    }
}
