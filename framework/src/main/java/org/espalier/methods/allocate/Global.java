package org.espalier.methods.allocate;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.espalier.prune.Allocator;
import org.espalier.prune.Budget;
import org.espalier.prune.PruningException;
import org.espalier.prune.Scorer;
import org.espalier.prune.Site;
import org.espalier.prune.Statistic;
import org.espalier.prune.Threshold;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;

/**
 * One threshold for the whole network; a layer's density is what lies above it. With a floor, the minimum threshold of
 * Global Magnitude Pruning: layers smaller than {@code floor} times all weights stay whole, and no other layer keeps
 * fewer than that many.
 *
 * @param floor share of all weights that each layer keeps at least
 * @param by the score whose threshold decides, if not the step's own: random pruning with SNIP's layer ratios, say
 */
@Paper(
        title = "Is Complexity Required for Neural Network Pruning? A Case Study on Global Magnitude Pruning",
        year = 2022,
        id = "2209.14624",
        tags = {"unstructured"})
public record Global(@Default("0") double floor, Optional<Scorer> by) implements Allocator {
    /** How far from what was asked an allocation may end, as a share of all weights. */
    private static final double TOLERANCE = 0.01;

    public Global {
        if (floor < 0 || floor >= 1) throw new IllegalArgumentException("floor must lie in [0, 1), got " + floor);
    }

    @Override
    public Set<Statistic> needs() {
        return by.map(Scorer::needs).orElse(Set.of());
    }

    @Override
    public boolean needsAllScores() {
        return true;
    }

    @Override
    public double[] allocate(Budget budget) {
        List<float[]> scores = by.isPresent() ? budget.survey().scores(by.get()) : budget.scores();
        double[] density = Threshold.densities(scores, budget.target());
        return floor == 0 ? density : raised(budget, density);
    }

    /** The repository's minimum threshold: steps (a) to (d). */
    private double[] raised(Budget budget, double[] density) {
        List<Site.Weight> sites = budget.sites();
        double least = Math.floor(budget.size() * floor);
        double target = 1 - budget.target() / (double) budget.size();
        double[] sparsity = new double[density.length];
        for (int i = 0; i < density.length; i++) sparsity[i] = sites.get(i).size() < least ? 0 : 1 - density[i];
        for (int round = 0; round < 1000 && target - actual(sites, sparsity) > 1e-9; round++) {
            if (actual(sites, sparsity) == 0) break; // no layer may lose anything
            double scale = target / actual(sites, sparsity);
            for (int i = 0; i < sparsity.length; i++) {
                sparsity[i] *= scale;
                int size = sites.get(i).size();
                if (size > least && (1 - sparsity[i]) * size < least) sparsity[i] = 1 - least / size;
            }
        }
        double reached = actual(sites, sparsity);
        if (!(Math.abs(reached - target) <= TOLERANCE))
            throw new PruningException(
                    "global: a floor of %s of all weights for each layer lets %.1f %% be removed, not %.1f %%: lower it"
                            .formatted(floor, 100 * reached, 100 * target));
        return Arrays.stream(sparsity).map(s -> 1 - s).toArray();
    }

    private static double actual(List<Site.Weight> sites, double[] sparsity) {
        double pruned = 0;
        double size = 0;
        for (int i = 0; i < sparsity.length; i++) {
            pruned += sparsity[i] * sites.get(i).size();
            size += sites.get(i).size();
        }
        return pruned / size;
    }
}
