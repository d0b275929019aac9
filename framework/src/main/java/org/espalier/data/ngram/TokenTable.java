package org.espalier.data.ngram;

import java.util.Arrays;

/**
 * Numbers tokens in the order of their appearance and remembers the bucket of each, in bounded memory: when it is full, a new token
 * gets no number, and whoever uses it starts it anew when that suits. What is known of a token is one long, its entry. Open
 * addressing. A token of at most eight bytes is its own key; of one of at most sixteen, the first eight bytes and the last eight are;
 * of longer ones the key is a hash, and they are compared byte by byte.
 */
final class TokenTable {
    /** The entry of a token that is not known. */
    static final long NONE = 0;

    /** Bits of a number: a slot of {@link PairCache} holds what two numbers have beyond its own, and a bucket. */
    static final int ID_BITS = 17;

    private static final int MOST = 1 << ID_BITS;

    private static final int BUCKET_BITS = 24;
    private static final int LENGTH_BITS = 23;
    private static final int FIRST_LONGS = 1 << 12;
    private static final int SLOT = 2;
    private static final int LONG_SLOT = 4;
    private static final int MOST_BYTES = 1 << 21;

    /** Of each slot the key and the entry: tokens of up to eight bytes. */
    private long[] shorts = new long[FIRST_LONGS];

    /** Of each slot the first eight bytes, the last eight or a hash, the entry, and where the longest tokens stand in full. */
    private long[] longs = new long[FIRST_LONGS];

    private final byte[] text = new byte[MOST_BYTES];

    /** What stands in the slots of a document's tokens, and in which bits they differ from the tokens. */
    private long[] entries = new long[1 << 12];

    private long[] differences = new long[1 << 12];
    private int shortSize;
    private int longSize;
    private int used;
    private boolean full;

    /** Whether a token has been turned away. */
    boolean full() {
        return full;
    }

    void clear() {
        Arrays.fill(shorts, 0);
        Arrays.fill(longs, 0);
        shortSize = 0;
        longSize = 0;
        used = 0;
        full = false;
    }

    private long newEntry(int length, int bucket) {
        return (long) (shortSize + longSize) << BUCKET_BITS + LENGTH_BITS | (long) bucket << LENGTH_BITS | length;
    }

    static int id(long entry) {
        return (int) (entry >>> BUCKET_BITS + LENGTH_BITS);
    }

    static int bucket(long entry) {
        return (int) (entry >>> LENGTH_BITS) & (1 << BUCKET_BITS) - 1;
    }

    private static int length(long entry) {
        return (int) entry & (1 << LENGTH_BITS) - 1;
    }

    /** Where the search for a key begins in {@code table}, whose slots have a power of two of longs each. */
    private static int start(long[] table, long key, int slot) {
        return (int) (key * 0x9e3779b97f4a7c15L >>> Integer.numberOfLeadingZeros(table.length) + 33) & -slot;
    }

    /** The first eight bytes of a token, or all of them, as a little-endian number. */
    static long key(byte[] text, int start, int length) {
        return (long) LowerCase.EIGHT.get(text, start) & -1L >>> Long.SIZE - Byte.SIZE * Math.min(length, Long.BYTES);
    }

    /**
     * Looks tokens up in the one slot where each most probably is, without a jump that no processor could foresee.
     *
     * @param ids gets the number of each token
     * @param buckets gets the bucket of each, starting at {@code from}
     * @param missing gets those that were not found there, all longer ones among them; their numbers and buckets mean nothing
     * @return how many those are
     */
    int find(Tokens tokens, int[] ids, int[] buckets, int from, int[] missing) {
        int all = tokens.count();
        if (all > entries.length) {
            entries = new long[2 * all];
            differences = new long[2 * all];
        }
        load(tokens);
        int count = 0;
        for (int i = 0; i < all; i++) {
            long entry = entries[i];
            long difference = differences[i];
            ids[i] = id(entry);
            buckets[from + i] = bucket(entry);
            missing[count] = i;
            count += (int) ((difference | -difference) >>> Long.SIZE - 1);
        }
        return count;
    }

    /** Fetches the tokens' slots, in a loop that does nothing else: it waits for memory, so many of its rounds should overlap. */
    private void load(Tokens tokens) {
        long[] table = shorts;
        byte[] text = tokens.text();
        for (int i = 0; i < tokens.count(); i++) {
            int start = tokens.start(i);
            int length = tokens.end(i) - start;
            long key = key(text, start, length);
            int at = start(table, key + length, SLOT);
            long entry = table[at + 1];
            entries[i] = entry;
            differences[i] = table[at] ^ key | (entry ^ length) & (1 << LENGTH_BITS) - 1;
        }
    }

    /** The entry of a token of at most eight bytes, given as a little-endian number. */
    long find(long token, int length) {
        long[] table = shorts;
        int at = start(table, token + length, SLOT);
        while (true) {
            long entry = table[at + 1];
            if (table[at] == token && length(entry) == length || entry == NONE) {
                return entry;
            }
            at = at + SLOT & table.length - 1;
        }
    }

    /** Enters a token of at most eight bytes that was looked for and not found, and returns its entry; where there is no room, one without a number. */
    long add(long token, int length, int bucket) {
        if (shortSize + longSize == MOST) {
            full = true;
            return (long) bucket << LENGTH_BITS;
        }
        if (2 * SLOT * (shortSize + 1) > shorts.length) {
            growShorts();
        }
        long entry = newEntry(length, bucket);
        put(token, entry);
        shortSize++;
        return entry;
    }

    private void put(long token, long entry) {
        int at = start(shorts, token + length(entry), SLOT);
        while (shorts[at + 1] != NONE) {
            at = at + SLOT & shorts.length - 1;
        }
        shorts[at] = token;
        shorts[at + 1] = entry;
    }

    private void growShorts() {
        long[] before = shorts;
        shorts = new long[2 * before.length];
        for (int at = 0; at < before.length; at += SLOT) {
            if (before[at + 1] != NONE) {
                put(before[at], before[at + 1]);
            }
        }
    }

    /** The entry of a token of more than eight bytes. */
    long find(byte[] bytes, int from, int length) {
        return longs[longSlot(bytes, from, length) + 2];
    }

    /** Enters a token of more than eight bytes that was looked for and not found, and returns its entry; where there is no room, one without a number. */
    long add(byte[] bytes, int from, int length, int bucket) {
        int stored = length > 2 * Long.BYTES ? length : 0;
        if (shortSize + longSize == MOST || stored > MOST_BYTES - used) {
            full = true;
            return (long) bucket << LENGTH_BITS;
        }
        if (2 * LONG_SLOT * (longSize + 1) > longs.length) {
            growLongs();
        }
        int at = longSlot(bytes, from, length);
        longs[at] = first(bytes, from);
        longs[at + 1] = last(bytes, from, length);
        longs[at + 2] = newEntry(length, bucket);
        longs[at + 3] = used;
        System.arraycopy(bytes, from, text, used, stored);
        used += stored;
        longSize++;
        return longs[at + 2];
    }

    private void growLongs() {
        long[] before = longs;
        longs = new long[2 * before.length];
        for (int from = 0; from < before.length; from += LONG_SLOT) {
            if (before[from + 2] != NONE) {
                int at = start(longs, key(before[from], before[from + 1], length(before[from + 2])), LONG_SLOT);
                while (longs[at + 2] != NONE) {
                    at = at + LONG_SLOT & longs.length - 1;
                }
                System.arraycopy(before, from, longs, at, LONG_SLOT);
            }
        }
    }

    private static long key(long first, long last, int length) {
        return (first ^ Long.rotateLeft(last, 23)) * 0xff51afd7ed558ccdL + length;
    }

    /** Where the token stands, or where it would. */
    private int longSlot(byte[] bytes, int from, int length) {
        long first = first(bytes, from);
        long last = last(bytes, from, length);
        int at = start(longs, key(first, last, length), LONG_SLOT);
        while (longs[at + 2] != NONE) {
            boolean same = longs[at] == first && longs[at + 1] == last && length(longs[at + 2]) == length;
            if (same && (length <= 2 * Long.BYTES || isStored(at, bytes, from, length))) {
                return at;
            }
            at = at + LONG_SLOT & longs.length - 1;
        }
        return at;
    }

    private boolean isStored(int at, byte[] bytes, int from, int length) {
        int start = (int) longs[at + 3];
        return Arrays.equals(bytes, from, from + length, text, start, start + length);
    }

    private static long first(byte[] bytes, int from) {
        return (long) LowerCase.EIGHT.get(bytes, from);
    }

    private static long last(byte[] bytes, int from, int length) {
        int end = from + length - Long.BYTES;
        long last = (long) LowerCase.EIGHT.get(bytes, end);
        for (int i = from + Long.BYTES; i < end - Long.BYTES; i += Long.BYTES) { // not for those of at most sixteen
            last = (last ^ (long) LowerCase.EIGHT.get(bytes, i)) * 0xff51afd7ed558ccdL;
            last ^= last >>> 32;
        }
        return last;
    }
}
