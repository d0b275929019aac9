package org.espalier.data.ngram;

import java.util.Arrays;

/** The tokens of a document: runs of letters and runs of what is neither letter nor space, {@code \w+|[^\w\s]+}. */
final class Tokens {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    private final WordRule rule;
    private final byte[] narrow;

    private byte[] text;
    private int count;
    private int[] starts = new int[1 << 12];
    private int[] ends = new int[1 << 12];

    Tokens(WordRule rule) {
        this.rule = rule;
        this.narrow = rule.narrow();
    }

    int count() {
        return count;
    }

    byte[] text() {
        return text;
    }

    int start(int token) {
        return starts[token];
    }

    int end(int token) {
        return ends[token];
    }

    /** Whether the text has exactly one space between each two tokens from one to another. */
    boolean areApartByOneSpace(int first, int last) {
        for (int i = first; i < last; i++) {
            if (starts[i + 1] != ends[i] + 1 || text[ends[i]] != ' ') {
                return false;
            }
        }
        return true;
    }

    /** Finds the tokens of a document. */
    void cut(LowerCase document) {
        text = document.bytes();
        count = 0;
        int length = document.length();
        int i = 0;
        while (i < length) {
            int kind = kind(i);
            int end;
            if (kind == WordRule.WORD) {
                end = wordEnd(i);
                put(i, end);
            } else {
                end = i + LowerCase.width(text[i]);
                if (kind == WordRule.OTHER) {
                    end = otherEnd(end, length);
                    put(i, end);
                }
            }
            i = end;
        }
    }

    private int kind(int i) {
        byte first = text[i];
        return first >= 0
                ? narrow[first]
                : first < (byte) 0xE0
                        ? narrow[(first & 0x1F) << 6 | text[i + 1] & 0x3F]
                        : rule.kind(LowerCase.codePoint(text, i));
    }

    /** The end of the word that begins at {@code from}, eight bytes at a time; the zeros behind the text are no letters. */
    private int wordEnd(int from) {
        int i = from;
        while (true) {
            long others = HIGH & ~letters((long) LowerCase.EIGHT.get(text, i));
            if (others == 0) {
                i += Long.BYTES;
                continue;
            }
            i += Long.numberOfTrailingZeros(others) >>> 3;
            if (text[i] >= 0 || kind(i) != WordRule.WORD) {
                return i;
            }
            i += LowerCase.width(text[i]);
        }
    }

    /** The high bits of those of eight bytes that are small ASCII letters, digits or underscores: words by either rule. */
    private static long letters(long eight) {
        long low = eight & ~HIGH;
        long small = low + (0x80 - 'a') * ONES & ~(low + (0x7F - 'z') * ONES);
        long digit = low + (0x80 - '0') * ONES & ~(low + (0x7F - '9') * ONES);
        long underscore = ~((low ^ '_' * ONES) + 0x7F * ONES);
        return (small | digit | underscore) & ~eight;
    }

    private int otherEnd(int from, int length) {
        int i = from;
        while (i < length && kind(i) == WordRule.OTHER) {
            i += LowerCase.width(text[i]);
        }
        return i;
    }

    private void put(int start, int end) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        starts[count] = start;
        ends[count++] = end;
    }
}
