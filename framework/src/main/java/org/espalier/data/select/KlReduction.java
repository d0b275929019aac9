package org.espalier.data.select;

import java.util.List;

/**
 * How much nearer to the targets the selected text is than the raw text: the mean over targets of KL(target‖raw) -
 * KL(target‖selected) over hashed n-grams, in nats (Xie et al., 2023, section 5). To the counts of raw and selected text one is added
 * for each bucket. (With the 1e-8 of the importance weights, what the buckets that a small selection happens to miss cost would hide
 * everything else.) Selecting everything gives 0; values of selections compare at equal size.
 */
public final class KlReduction {
    private KlReduction() {}

    /** @param targets at least one, none of them empty */
    public static double of(List<NgramCounts> targets, NgramCounts raw, NgramCounts selected) {
        return targets.stream()
                .mapToDouble(target -> divergence(target, raw) - divergence(target, selected))
                .average()
                .orElseThrow();
    }

    /** KL(target‖other) in nats, with one added to each count of the other. */
    public static double divergence(NgramCounts target, NgramCounts other) {
        double sum = 0;
        for (int i = 0; i < target.buckets(); i++) {
            double p = target.share(i);
            if (p > 0) {
                sum += p * (StrictMath.log(p) - StrictMath.log(other.smoothed(i)));
            }
        }
        return sum;
    }
}
