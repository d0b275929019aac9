package org.espalier.data.ngram;

import java.util.Arrays;

/**
 * Remembers the buckets of n-grams of one order by the numbers of their tokens. Each n-gram has one slot, and the last one that came
 * keeps it: memory is fixed, nothing is ever moved, and what was forgotten is hashed again.
 */
final class GramCache {
    static final int NONE = -1;

    private static final int SLOT_BITS = 18;

    private final int order;
    private final int stride;
    private final int[] slots;

    /** @param order tokens of an n-gram, at least 2 */
    GramCache(int order) {
        this.order = order;
        this.stride = Integer.highestOneBit(order) * 2; // the tokens and the bucket behind them, in a power of two
        this.slots = new int[stride << SLOT_BITS];
        clear();
    }

    void clear() {
        Arrays.fill(slots, NONE);
    }

    /** Where the n-gram of the tokens {@code ids[from]} and on has its slot. */
    int slot(int[] ids, int from) {
        long hash = ids[from];
        for (int i = 1; i < order; i++) {
            hash = (hash << 20 | hash >>> 44) * 0x9e3779b97f4a7c15L + ids[from + i];
        }
        return (int) (hash * 0x9e3779b97f4a7c15L >>> 64 - SLOT_BITS) * stride;
    }

    /** The bucket that the slot holds for this n-gram, or {@link TokenTable#NONE}. */
    int bucket(int slot, int[] ids, int from) {
        for (int i = 0; i < order; i++) {
            if (slots[slot + i] != ids[from + i]) {
                return NONE;
            }
        }
        return slots[slot + order];
    }

    void put(int slot, int[] ids, int from, int bucket) {
        System.arraycopy(ids, from, slots, slot, order);
        slots[slot + order] = bucket;
    }
}
