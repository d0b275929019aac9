package org.espalier.data.select;

/** How often each bucket came: the features of a set of documents. */
public final class NgramCounts {
    private final long[] counts;
    private long total;

    public NgramCounts(int buckets) {
        counts = new long[buckets];
    }

    NgramCounts(long[] counts) {
        this.counts = counts.clone();
        for (long count : counts) {
            total += count;
        }
    }

    /** Adds a document. */
    public void add(int[] buckets) {
        for (int bucket : buckets) {
            counts[bucket]++;
        }
        total += buckets.length;
    }

    /** Adds those n-grams of a block that stand from one place up to another. */
    void add(NgramBlock block, int from, int to) {
        for (int i = from; i < to; i++) {
            counts[block.bucket(i)]++;
        }
        total += to - from;
    }

    /** Adds what another has counted. */
    public void add(NgramCounts other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
    }

    public long[] counts() {
        return counts.clone();
    }

    /** N-grams of all orders. */
    public long total() {
        return total;
    }

    public int buckets() {
        return counts.length;
    }

    /** The share of a bucket. */
    double share(int bucket) {
        return (double) counts[bucket] / total;
    }
}
