package org.espalier.data.select;

/**
 * The n-grams of a block of lines, in two bytes each where there are no more than 65,536 buckets and in three otherwise: blocks of a
 * whole file are kept.
 *
 * @param counts how many n-grams each line has, or {@link #NO_DOCUMENT}
 * @param low the low bits of the buckets of the first line, then of those of the second, and so on
 * @param high their high bits, or null where all of those are 0
 * @param skipped lines that are no documents although something stands in them
 */
record NgramBlock(int[] counts, char[] low, byte[] high, int skipped) {
    /** For a blank line, or a bad one that is skipped. */
    static final int NO_DOCUMENT = -1;

    /** Packs the first {@code size} of the given buckets. */
    static NgramBlock of(int[] counts, int[] buckets, int size, int skipped) {
        char[] low = new char[size];
        int all = 0;
        for (int i = 0; i < size; i++) {
            low[i] = (char) buckets[i];
            all |= buckets[i];
        }
        byte[] high = all < 1 << Character.SIZE ? null : new byte[size];
        if (high != null) {
            for (int i = 0; i < size; i++) {
                high[i] = (byte) (buckets[i] >>> Character.SIZE);
            }
        }
        return new NgramBlock(counts, low, high, skipped);
    }

    /** N-grams of all lines. */
    int size() {
        return low.length;
    }

    /** Bytes that the buckets take. */
    long bytes() {
        return (long) size() * (high == null ? Character.BYTES : Character.BYTES + 1);
    }

    int bucket(int i) {
        return high == null ? low[i] : low[i] | (high[i] & 255) << Character.SIZE;
    }
}
