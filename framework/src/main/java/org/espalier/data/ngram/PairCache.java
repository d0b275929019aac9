package org.espalier.data.ngram;

/**
 * Remembers the buckets of pairs of tokens by the tokens' numbers. Each pair has one slot, and the last one that came keeps it: memory
 * is fixed, nothing is ever moved, and what was forgotten is hashed again. Two numbers are mixed so that no two pairs become the same;
 * most bits of that say which slot it is, so that only the rest has to stand in it beside the bucket: four bytes, of which a core's own
 * cache holds many. Threads may share one without a lock: each slot says by itself whose bucket it holds.
 */
final class PairCache {
    private static final int BUCKET_BITS = 18;

    /** More buckets than this do not fit. */
    static final int MOST_BUCKETS = 1 << BUCKET_BITS;

    private static final int SLOT_BITS = 21;
    private static final int REST_BITS = 2 * TokenTable.ID_BITS - SLOT_BITS;

    private final int[] slots = new int[1 << SLOT_BITS];

    /** Both numbers mixed: times an odd number, which can be undone. */
    private static long mixed(int first, int second) {
        return ((long) first << TokenTable.ID_BITS | second) * 0x9e3779b97f4a7c15L;
    }

    private static int slot(long mixed) {
        return (int) (mixed >>> REST_BITS) & (1 << SLOT_BITS) - 1;
    }

    /** What stands in a slot above the bucket: the bits that do not say which slot it is, and one that no empty slot has. */
    private static int rest(long mixed) {
        return (int) mixed << 1 & (2 << REST_BITS) - 1 | 1;
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
        load(ids, pairs, into, from);
        int count = 0;
        for (int i = 0; i < pairs; i++) {
            int held = into[from + i];
            into[from + i] = held & (1 << BUCKET_BITS) - 1;
            missing[count] = i;
            int difference = held >>> BUCKET_BITS ^ rest(mixed(ids[i], ids[i + 1]));
            count += -difference >>> Integer.SIZE - 1; // without a jump that no processor could foresee
        }
        return count;
    }

    /** Fetches the pairs' slots, in a loop that does nothing else: it waits for memory, so many of its rounds should overlap. */
    private void load(int[] ids, int pairs, int[] into, int from) {
        for (int i = 0; i < pairs; i++) {
            into[from + i] = slots[slot(mixed(ids[i], ids[i + 1]))];
        }
    }

    void put(int first, int second, int bucket) {
        long mixed = mixed(first, second);
        slots[slot(mixed)] = rest(mixed) << BUCKET_BITS | bucket;
    }
}
