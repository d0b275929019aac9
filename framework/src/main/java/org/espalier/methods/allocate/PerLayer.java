package org.espalier.methods.allocate;

import java.util.Map;
import org.espalier.prune.Allocator;
import org.espalier.prune.Budget;
import org.espalier.prune.PruningException;
import org.espalier.prune.Site;
import org.espalier.spec.Paper;

/**
 * Every layer loses the step's ratio, except where a rate of its own is given.
 *
 * @param rates by layer, the share to remove
 */
@Paper(
        title = "The Lottery Ticket Hypothesis: Finding Sparse, Trainable Neural Networks",
        year = 2018,
        id = "1803.03635",
        tags = {"unstructured"})
public record PerLayer(Map<String, Double> rates) implements Allocator {
    public PerLayer {
        rates = Map.copyOf(rates);
        rates.forEach((layer, rate) -> {
            if (!(rate >= 0 && rate < 1))
                throw new IllegalArgumentException("the rate of " + layer + " must lie in [0, 1), got " + rate);
        });
    }

    @Override
    public void check(Budget budget) {
        for (String layer : rates.keySet())
            if (budget.sites().stream().noneMatch(site -> site.name().equals(layer)))
                throw new PruningException("there is a rate for " + layer + ", but the layers are "
                        + String.join(
                                ", ",
                                budget.sites().stream().map(Site.Weight::name).toList()));
    }

    @Override
    public double[] allocate(Budget budget) {
        return budget.sites().stream()
                .mapToDouble(site -> budget.density(site, rates.getOrDefault(site.name(), budget.ratio())))
                .toArray();
    }
}
