package org.espalier.data.ngram;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Numbers tokens in the order of their appearance and remembers the bucket of each, in bounded memory: when it is full, a new token
 * gets no number, and whoever uses it starts another when that suits. What is known of a token is one long, its entry. Open
 * addressing. A token of at most eight bytes is its own key; of one of at most sixteen, the first eight bytes and the last eight are;
 * of longer ones the key is a hash, and they are compared byte by byte.
 *
 * <p>Threads share one: they look tokens up without a lock, and add them behind one. A slot is filled once and never changes;
 * that a long is read as one, not by halves, is what 64-bit virtual machines do.
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

    private static final VarHandle LONG = MethodHandles.arrayElementVarHandle(long[].class);

    /**
     * Of each slot the complement of the key, which no UTF-8 makes zero, and the entry: tokens of up to eight bytes. So a thread that
     * sees but one of the two as yet takes neither for those of a token.
     */
    private volatile long[] shorts = new long[FIRST_LONGS];

    /** Of each slot the first eight bytes, the last eight or a hash, the entry, and where the longest tokens stand in full. */
    private volatile long[] longs = new long[FIRST_LONGS];

    private final byte[] text = new byte[MOST_BYTES];

    private int shortSize;
    private int longSize;
    private int used;
    private volatile boolean full;

    /** Whether a token has been turned away. */
    boolean full() {
        return full;
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
     * Looks tokens up in the two slots where each most probably is, without a jump that no processor could foresee.
     *
     * @param ids gets the number of each token
     * @param buckets gets the bucket of each, starting at {@code from}
     * @param missing gets those that were not found there, all longer ones among them; their numbers and buckets mean nothing
     * @return how many those are
     */
    int find(Tokens tokens, int[] ids, int[] buckets, int from, int[] missing) {
        long[] table = shorts;
        int elsewhere = 0;
        for (int token = 0; token < tokens.count(); token++) {
            missing[elsewhere] = token;
            elsewhere += look(table, tokens, token, 0, ids, buckets, from);
        }
        int count = 0;
        for (int i = 0; i < elsewhere; i++) {
            int token = missing[i];
            missing[count] = token;
            count += look(table, tokens, token, SLOT, ids, buckets, from);
        }
        return count;
    }

    /** Takes number and bucket of a token from the slot so far behind its first one; 0 if they are its own, 1 if they mean nothing. */
    private static int look(long[] table, Tokens tokens, int token, int behind, int[] ids, int[] buckets, int from) {
        int start = tokens.start(token);
        int length = tokens.end(token) - start;
        long key = key(tokens.text(), start, length);
        int at = start(table, key + length, SLOT) + behind & table.length - 1;
        long entry = table[at + 1];
        ids[token] = id(entry);
        buckets[from + token] = bucket(entry);
        long difference = table[at] ^ ~key | (entry ^ length) & (1 << LENGTH_BITS) - 1;
        return (int) ((difference | -difference) >>> Long.SIZE - 1);
    }

    /** The entry of a token of at most eight bytes, given as a little-endian number. */
    long find(long token, int length) {
        long[] table = shorts;
        int at = start(table, token + length, SLOT);
        while (true) {
            long entry = (long) LONG.getAcquire(table, at + 1);
            if (table[at] == ~token && length(entry) == length || entry == NONE) {
                return entry;
            }
            at = at + SLOT & table.length - 1;
        }
    }

    /** Enters a token of at most eight bytes that was looked for and not found, and returns its entry; where there is no room, one without a number. */
    synchronized long add(long token, int length, int bucket) {
        long known = find(token, length); // another thread may have been here
        if (known != NONE) {
            return known;
        }
        if (shortSize + longSize == MOST) {
            full = true;
            return (long) bucket << LENGTH_BITS;
        }
        if (2 * SLOT * (shortSize + 1) > shorts.length) {
            shorts = grown(shorts);
        }
        long entry = newEntry(length, bucket);
        put(shorts, token, entry);
        shortSize++;
        return entry;
    }

    private static void put(long[] table, long token, long entry) {
        int at = start(table, token + length(entry), SLOT);
        while (table[at + 1] != NONE) {
            at = at + SLOT & table.length - 1;
        }
        table[at] = ~token;
        LONG.setRelease(table, at + 1, entry);
    }

    private static long[] grown(long[] before) {
        long[] table = new long[2 * before.length];
        for (int at = 0; at < before.length; at += SLOT) {
            if (before[at + 1] != NONE) {
                put(table, ~before[at], before[at + 1]);
            }
        }
        return table;
    }

    /** The entry of a token of more than eight bytes. */
    long find(byte[] bytes, int from, int length) {
        long[] table = longs;
        return table[longSlot(table, bytes, from, length) + 2];
    }

    /** Enters a token of more than eight bytes that was looked for and not found, and returns its entry; where there is no room, one without a number. */
    synchronized long add(byte[] bytes, int from, int length, int bucket) {
        long known = find(bytes, from, length);
        if (known != NONE) {
            return known;
        }
        int stored = length > 2 * Long.BYTES ? length : 0;
        if (shortSize + longSize == MOST || stored > MOST_BYTES - used) {
            full = true;
            return (long) bucket << LENGTH_BITS;
        }
        if (2 * LONG_SLOT * (longSize + 1) > longs.length) {
            longs = grownLongs(longs);
        }
        long entry = newEntry(length, bucket);
        long[] table = longs;
        int at = longSlot(table, bytes, from, length);
        table[at] = first(bytes, from);
        table[at + 1] = last(bytes, from, length);
        table[at + 3] = used;
        System.arraycopy(bytes, from, text, used, stored);
        LONG.setRelease(table, at + 2, entry);
        used += stored;
        longSize++;
        return entry;
    }

    private static long[] grownLongs(long[] before) {
        long[] table = new long[2 * before.length];
        for (int from = 0; from < before.length; from += LONG_SLOT) {
            if (before[from + 2] != NONE) {
                int at = start(table, key(before[from], before[from + 1], length(before[from + 2])), LONG_SLOT);
                while (table[at + 2] != NONE) {
                    at = at + LONG_SLOT & table.length - 1;
                }
                System.arraycopy(before, from, table, at, LONG_SLOT);
            }
        }
        return table;
    }

    private static long key(long first, long last, int length) {
        return (first ^ Long.rotateLeft(last, 23)) * 0xff51afd7ed558ccdL + length;
    }

    /** Where the token stands, or where it would. */
    private int longSlot(long[] table, byte[] bytes, int from, int length) {
        long first = first(bytes, from);
        long last = last(bytes, from, length);
        int at = start(table, key(first, last, length), LONG_SLOT);
        while (true) {
            long entry = (long) LONG.getAcquire(table, at + 2);
            boolean same = table[at] == first && table[at + 1] == last && length(entry) == length;
            if (entry == NONE || same && (length <= 2 * Long.BYTES || isStored(table[at + 3], bytes, from, length))) {
                return at;
            }
            at = at + LONG_SLOT & table.length - 1;
        }
    }

    private boolean isStored(long place, byte[] bytes, int from, int length) {
        int start = (int) place;
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
