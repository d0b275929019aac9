package org.espalier.methods.allocate;

import java.util.List;
import org.espalier.prune.Allocator;
import org.espalier.prune.Budget;
import org.espalier.prune.PqSum;
import org.espalier.prune.Site;
import org.espalier.prune.Threshold;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;

/**
 * SAP: the PQ index of the surviving weights, I = 1 − d^(1/q − 1/p) · ‖w‖p / ‖w‖q, bounds how many of them can be spared:
 * r = d · (1 + eta)^(−q/(q − p)) · (1 − I)^(pq/(q − p)) are retained and floor(d · min(gamma · (1 − r/d), beta)) pruned.
 *
 * @param within whether the index is taken over each layer or over the whole network
 */
@Paper(
        title = "Pruning Deep Neural Networks from a Sparsity Perspective",
        year = 2023,
        id = "2302.05601",
        tags = {"unstructured", "data-free"})
public record PqIndex(
        @Default("0.5") double p,
        @Default("1") double q,
        @Default("0") double eta,
        @Default("1") double gamma,
        @Default("0.9") double beta,
        @Default("network") Scope within)
        implements Allocator {
    /** Over which weights one index is taken. */
    public enum Scope {
        LAYER,
        NETWORK
    }

    public PqIndex {
        if (!(0 < p && p < q))
            throw new IllegalArgumentException("0 < p < q is needed, got p = " + p + " and q = " + q);
        if (eta < 0) throw new IllegalArgumentException("eta must not be negative, got " + eta);
        if (gamma <= 0) throw new IllegalArgumentException("gamma must be positive, got " + gamma);
        if (!(beta > 0 && beta < 1)) throw new IllegalArgumentException("beta must lie in (0, 1), got " + beta);
    }

    @Override
    public boolean needsRatio() {
        return false;
    }

    @Override
    public boolean needsAllScores() {
        return within == Scope.NETWORK;
    }

    @Override
    public double[] allocate(Budget budget) {
        List<Site.Weight> sites = budget.sites();
        if (within == Scope.NETWORK) {
            long kept = sites.stream().mapToLong(Site.Weight::kept).sum();
            return Threshold.densities(budget.scores(), kept - pruned(sites));
        }
        return sites.stream()
                .mapToDouble(site -> (site.kept() - pruned(List.of(site))) / (double) site.size())
                .toArray();
    }

    /** How many of the surviving weights of these sites go. */
    long pruned(List<Site.Weight> sites) {
        PqSum found = PqSum.of(sites.stream().map(Site.Weight::parameter).toList(), p, q);
        if (found.count() == 0) return 0;
        double d = found.count();
        double retained = d * Math.pow(1 + eta, -q / (q - p)) * Math.pow(1 - found.index(), p * q / (q - p));
        return (long) Math.floor(d * Math.min(gamma * (1 - Math.ceil(retained - 1e-9) / d), beta) + 1e-9);
    }
}
