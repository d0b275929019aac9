package org.espalier.prune;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.espalier.spec.Default;

/**
 * How to prune: what matters, how much each layer keeps, which shapes of zeros are allowed, what is done about the damage.
 *
 * @param ratio the share to remove; absent where the allocator decides itself
 * @param of whether the ratio counts all weights or those that remain
 * @param skip layers that stay as they are
 * @param refine what happens to masks and weights once they are chosen, in this order
 */
public record Recipe(
        @Default("magnitude") Scorer score,
        @Default("uniform") Allocator allocate,
        @Default("unstructured") Pattern pattern,
        Optional<Double> ratio,
        @Default("all") Budget.Of of,
        @Default("[]") List<String> skip,
        @Default("[]") List<Refiner> refine) {
    public Recipe {
        ratio.ifPresent(r -> {
            if (!(r >= 0 && r < 1)) throw new IllegalArgumentException("ratio must lie in [0, 1), got " + r);
        });
        if (allocate.needsRatio() && ratio.isEmpty())
            throw new IllegalArgumentException("ratio is missing: how much of the weights is to be removed?");
        if (!allocate.needsRatio() && ratio.isPresent())
            throw new IllegalArgumentException(
                    "ratio has no meaning here: this allocation finds out itself how much to remove");
        skip = List.copyOf(skip);
        refine = List.copyOf(refine);
        boolean settled = false;
        for (Refiner refiner : refine) {
            if (settled && refiner.changesMask())
                throw new IllegalArgumentException(
                        "refine: what chooses among the weights has to come before what changes" + " them, so "
                                + refiner + " can not come last");
            settled |= refiner.changesWeights();
        }
    }

    /**
     * Asks the methods whether they fit together.
     *
     * @throws IllegalArgumentException if not, naming the component to blame
     */
    public void check() {
        pattern.check(this);
        refine.forEach(refiner -> refiner.check(this));
    }

    /** All that has to be gathered for score, allocation and refinement. */
    public Set<Statistic> needs() {
        Set<Statistic> needs = EnumSet.noneOf(Statistic.class);
        needs.addAll(score.needs());
        needs.addAll(allocate.needs());
        refine.forEach(refiner -> needs.addAll(refiner.needs()));
        return needs;
    }
}
