package org.espalier.methods.schedule;

import org.espalier.spec.Default;
import org.espalier.train.Schedule;

/**
 * One rate from beginning to end.
 *
 * @param warmup updates over which the rate first rises linearly
 */
public record Constant(@Default("0") long warmup) implements Schedule {
    @Override
    public double factor(long step, long total) {
        return Schedule.rising(step, warmup);
    }
}
