package org.espalier.data.select;

import java.util.List;

/**
 * How much nearer to the targets the selected text is than the raw text: the mean over targets of KL(target‖raw) -
 * KL(target‖selected) over hashed n-grams, in nats (Xie et al., 2023, section 5). Shares of the selected text are nine parts its own
 * and one part those of the raw text, and 1e-8 is added to all: what the buckets cost that a small selection happens to miss would
 * otherwise hide everything else. Selecting everything gives 0; values of selections compare at equal size.
 */
public final class KlReduction {
    private static final double BACK_OFF = 0.1;

    private KlReduction() {}

    /** @param targets at least one, none of them empty; nor is the raw text */
    public static double of(List<NgramCounts> targets, NgramCounts raw, NgramCounts selected) {
        return targets.stream()
                .mapToDouble(target -> ofRaw(target, raw) - ofSelected(target, raw, selected))
                .average()
                .orElseThrow();
    }

    /** KL(target‖raw) in nats. */
    static double ofRaw(NgramCounts target, NgramCounts raw) {
        return ofSelected(target, raw, raw);
    }

    /** KL(target‖selected) in nats, of a selection from the raw text. */
    static double ofSelected(NgramCounts target, NgramCounts raw, NgramCounts selected) {
        double sum = 0;
        for (int i = 0; i < target.buckets(); i++) {
            double p = target.share(i);
            if (p > 0) {
                double own = selected.total() == 0 ? 0 : selected.share(i);
                double q = (1 - BACK_OFF) * own + BACK_OFF * raw.share(i);
                sum += p * (StrictMath.log(p + LogRatio.SMOOTHING) - StrictMath.log(q + LogRatio.SMOOTHING));
            }
        }
        return sum;
    }
}
