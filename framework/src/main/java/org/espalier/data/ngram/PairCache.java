package org.espalier.data.ngram;

import java.util.Arrays;

/**
 * Remembers the buckets of pairs of tokens by the tokens' numbers. Each pair has one slot, and the last one that came keeps it: memory
 * is fixed, nothing is ever moved, and what was forgotten is hashed again. A slot is one long, two numbers and the bucket, so that a
 * core's own cache holds many.
 */
final class PairCache {
    private static final int SLOT_BITS = 20;
    private static final int BUCKET_BITS = 24;
    private static final int ID_BITS = 20;

    private final long[] slots = new long[1 << SLOT_BITS];

    /** What stands in the slots of a document's pairs. */
    private long[] found = new long[1 << 12];

    PairCache() {
        clear();
    }

    void clear() {
        Arrays.fill(slots, -1); // no token has a number this large
    }

    private static long key(int first, int second) {
        return (long) first << ID_BITS | second;
    }

    private static int slot(long key) {
        return (int) (key * 0x9e3779b97f4a7c15L >>> 64 - SLOT_BITS);
    }

    /**
     * Looks up the pairs of neighbours among tokens and writes their buckets.
     *
     * @param ids numbers of the tokens, none of them negative
     * @param into gets a bucket for each pair, starting at {@code from}; whatever for those that are not known
     * @param missing gets the positions of the first tokens of pairs that are not known
     * @return how many those are
     */
    int find(int[] ids, int tokens, int[] into, int from, int[] missing) {
        int pairs = Math.max(0, tokens - 1);
        if (pairs > found.length) {
            found = new long[2 * pairs];
        }
        load(ids, pairs);
        int count = 0;
        for (int i = 0; i < pairs; i++) {
            into[from + i] = (int) found[i] & (1 << BUCKET_BITS) - 1;
            missing[count] = i;
            long difference = found[i] >>> BUCKET_BITS ^ key(ids[i], ids[i + 1]);
            count += (int)
                    ((difference | -difference) >>> Long.SIZE - 1); // without a jump that no processor could foresee
        }
        return count;
    }

    /** Fetches the pairs' slots, in a loop that does nothing else: it waits for memory, so many of its rounds should overlap. */
    private void load(int[] ids, int pairs) {
        for (int i = 0; i < pairs; i++) {
            found[i] = slots[slot(key(ids[i], ids[i + 1]))];
        }
    }

    void put(int first, int second, int bucket) {
        long key = key(first, second);
        slots[slot(key)] = key << BUCKET_BITS | bucket;
    }
}
