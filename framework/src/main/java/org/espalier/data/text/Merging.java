package org.espalier.data.text;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * Joins neighbouring symbols of a sequence until none can be joined: the pair of lowest rank first, of equal ones the
 * leftmost. This is how both byte-pair and SentencePiece's score-based vocabularies cut a word.
 */
final class Merging {
    /** What {@link Pairs#look} says of symbols that do not join. */
    static final long NONE = -1;

    /** Which symbols join, and to what. */
    interface Pairs {
        /** The rank (below 2^31) in the upper and the joined symbol in the lower 32 bits, or {@link #NONE}. */
        long look(int left, int right);
    }

    private final Pairs pairs;
    private final int[] symbols;
    private final int[] before;
    private final int[] after;
    private final PriorityQueue<Long> waiting = new PriorityQueue<>();

    private Merging(int[] symbols, Pairs pairs) {
        this.pairs = pairs;
        this.symbols = symbols;
        this.before = new int[symbols.length];
        this.after = new int[symbols.length];
    }

    /** @param symbols overwritten; the result is a new, shorter array */
    static int[] run(int[] symbols, Pairs pairs) {
        return symbols.length < 2 ? symbols : new Merging(symbols, pairs).run();
    }

    static long packed(int rank, int joined) {
        return (long) rank << 32 | joined;
    }

    private int[] run() {
        for (int i = 0; i < symbols.length; i++) {
            before[i] = i - 1;
            after[i] = i + 1;
        }
        for (int i = 0; i + 1 < symbols.length; i++) {
            offer(i);
        }
        while (!waiting.isEmpty()) {
            join(waiting.poll());
        }
        return Arrays.stream(symbols)
                .filter(symbol -> symbol != Integer.MIN_VALUE)
                .toArray();
    }

    /** Queues the pair that begins at {@code left}, by rank and then by place. */
    private void offer(int left) {
        long found = pairs.look(symbols[left], symbols[after[left]]);
        if (found != NONE) {
            waiting.add((found & 0xFFFFFFFF00000000L) | left);
        }
    }

    /** Joins a queued pair, if it still is one of that rank. */
    private void join(long queued) {
        int left = (int) queued;
        if (symbols[left] == Integer.MIN_VALUE || after[left] == symbols.length) {
            return;
        }
        int right = after[left];
        long found = pairs.look(symbols[left], symbols[right]);
        if (found == NONE || found >>> 32 != queued >>> 32) {
            return;
        }
        symbols[left] = (int) found;
        symbols[right] = Integer.MIN_VALUE;
        after[left] = after[right];
        if (after[left] < symbols.length) {
            before[after[left]] = left;
            offer(left);
        }
        if (before[left] >= 0) {
            offer(before[left]);
        }
    }
}
