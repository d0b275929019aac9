package org.espalier.methods.schedule;

import java.util.List;
import org.espalier.spec.Default;
import org.espalier.train.Schedule;

/**
 * The rate drops at given points.
 *
 * @param at the updates at which it drops, as numbers of updates or, below 1, as shares of the whole training
 * @param factor what each drop multiplies it by
 * @param warmup updates over which the rate first rises linearly
 */
public record Steps(
        List<Double> at,
        @Default("0.1") double factor,
        @Default("0") long warmup) implements Schedule {
    public Steps {
        for (double point : at)
            if (point <= 0) throw new IllegalArgumentException("a drop at " + point + " never happens");
        if (factor <= 0) throw new IllegalArgumentException("factor must be positive, got " + factor);
    }

    @Override
    public double factor(long step, long total) {
        double rate = Schedule.rising(step, warmup);
        for (double point : at) if (step >= (point < 1 ? point * total : point)) rate *= factor;
        return rate;
    }
}
