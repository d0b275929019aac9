package org.espalier.data.select;

/**
 * How much likelier each bucket is in the target than in the raw text: ln(p_target + 1e-8) - ln(p_raw + 1e-8). The importance weight
 * of a document is the sum over its n-grams (Xie et al., 2023, section 3, with the smoothing of its authors' package).
 */
public final class LogRatio {
    /** Stands in for add-one smoothing. */
    static final double SMOOTHING = 1e-8;

    private final double[] values;

    /** @throws IllegalArgumentException where one of the two has no n-gram at all */
    public LogRatio(NgramCounts target, NgramCounts raw) {
        if (target.total() == 0) {
            throw new IllegalArgumentException("the target is empty: no n-gram is in it");
        }
        if (raw.total() == 0) {
            throw new IllegalArgumentException("the raw text is empty: no n-gram is in it");
        }
        values = new double[raw.buckets()];
        for (int i = 0; i < values.length; i++) {
            values[i] = StrictMath.log(target.share(i) + SMOOTHING) - StrictMath.log(raw.share(i) + SMOOTHING);
        }
    }

    /** The log importance weight of a document, given the buckets of its n-grams. */
    public double weight(int[] buckets) {
        double sum = 0;
        for (int bucket : buckets) {
            sum += values[bucket];
        }
        return sum;
    }

    /** The same for those n-grams of a block that stand from one place up to another. */
    double weight(NgramBlock block, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[block.bucket(i)];
        }
        return sum;
    }
}
