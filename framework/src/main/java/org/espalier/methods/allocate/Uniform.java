package org.espalier.methods.allocate;

import org.espalier.prune.Allocator;
import org.espalier.prune.Budget;

/** Every layer loses the same share. */
public record Uniform() implements Allocator {
    @Override
    public boolean uniform() {
        return true;
    }

    @Override
    public double[] allocate(Budget budget) {
        return budget.sites().stream()
                .mapToDouble(site -> budget.density(site, budget.ratio()))
                .toArray();
    }
}
