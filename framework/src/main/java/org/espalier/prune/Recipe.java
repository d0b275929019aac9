package org.espalier.prune;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.espalier.spec.Default;

/**
 * How to prune: what matters, how much each layer keeps, which shapes of zeros are allowed.
 *
 * @param ratio the share to remove; absent where the allocator decides itself
 * @param of whether the ratio counts all weights or those that remain
 * @param skip layers that stay as they are
 */
public record Recipe(
        @Default("magnitude") Scorer score,
        @Default("uniform") Allocator allocate,
        @Default("unstructured") Pattern pattern,
        Optional<Double> ratio,
        @Default("all") Budget.Of of,
        @Default("[]") List<String> skip) {
    public Recipe {
        ratio.ifPresent(r -> {
            if (!(r >= 0 && r < 1)) throw new IllegalArgumentException("ratio must lie in [0, 1), got " + r);
        });
        if (allocate.needsRatio() && ratio.isEmpty())
            throw new IllegalArgumentException("ratio is missing: how much of the weights is to be removed?");
        if (!allocate.needsRatio() && ratio.isPresent())
            throw new IllegalArgumentException(
                    "ratio has no meaning here: this allocation finds out itself how much to remove");
    }

    /** All that has to be gathered for score and allocation. */
    public Set<Statistic> needs() {
        Set<Statistic> needs = EnumSet.noneOf(Statistic.class);
        needs.addAll(score.needs());
        needs.addAll(allocate.needs());
        return needs;
    }
}
