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

    /** Which of 64 bytes are of words, and which of neither words nor spaces. */
    private long words;

    private long others;

    /** How many of the next 64 bytes belong to a character that began before, and its kind. */
    private int beyond;

    private int kindBeyond;

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

    /**
     * Finds the tokens of a document: which of 64 bytes are of words, and which are of neither word nor space, is one long each, and a
     * token begins and ends where these change.
     */
    void cut(LowerCase document) {
        text = document.bytes();
        count = 0;
        int ended = 0;
        int length = document.length();
        words = 0;
        others = 0;
        beyond = 0;
        for (int base = 0; base < length; base += Long.SIZE) {
            reserve();
            long wordBefore = words >>> Long.SIZE - 1;
            long otherBefore = others >>> Long.SIZE - 1;
            sort(base, Math.min(Long.SIZE, length - base));
            long shiftedWords = words << 1 | wordBefore;
            long shiftedOthers = others << 1 | otherBefore;
            count = put(words & ~shiftedWords | others & ~shiftedOthers, base, starts, count);
            ended = put(shiftedWords & ~words | shiftedOthers & ~others, base, ends, ended);
        }
        if (ended < count) {
            ends[ended] = length;
        }
    }

    private void reserve() {
        if (count + Long.SIZE > starts.length) {
            starts = Arrays.copyOf(starts, 2 * starts.length);
            ends = Arrays.copyOf(ends, starts.length);
        }
    }

    /**
     * Puts the places of bits behind {@code size} others, and returns how many that makes. Eight are written at a time, as most words of
     * bits have about as many: how often a loop goes round would be hard to foresee.
     */
    private static int put(long bits, int base, int[] places, int size) {
        int count = Long.bitCount(bits);
        long left = bits;
        for (int i = 0; i < count; i += 8) {
            int at = size + i;
            for (int j = 0; j < 8; j++) {
                places[at + j] = base + Long.numberOfTrailingZeros(left);
                left &= left - 1;
            }
        }
        return size + count;
    }

    /** Finds out which of 64 bytes belong to words, and which to what is neither word nor space; {@code inside} of them are text. */
    private void sort(int base, int inside) {
        long word = 0;
        long space = 0;
        long rare = 0;
        for (int i = 0; i < Long.SIZE; i += Long.BYTES) {
            long eight = (long) LowerCase.EIGHT.get(text, base + i);
            word |= bits(letters(eight)) << i;
            space |= bits(spaces(eight)) << i;
            rare |= bits(eight | ~((eight & ~HIGH) + (0x80 - ' ') * ONES)) << i;
        }
        long all = -1L >>> Long.SIZE - inside;
        words = word & all;
        others = all & ~(word | space | rare);
        long left = rare & ~space & all;
        long own = (1L << beyond) - 1;
        place(own, kindBeyond);
        beyond = 0;
        for (left &= ~own; left != 0; left &= ~own) {
            int bit = Long.numberOfTrailingZeros(left);
            int kind = kind(base + bit);
            int width = LowerCase.width(text[base + bit]);
            own = (1L << width) - 1 << bit;
            place(own, kind);
            if (bit + width > Long.SIZE) {
                beyond = bit + width - Long.SIZE;
                kindBeyond = kind;
            }
        }
    }

    private void place(long bits, int kind) {
        words |= kind == WordRule.WORD ? bits : 0;
        others |= kind == WordRule.OTHER ? bits : 0;
    }

    private int kind(int i) {
        byte first = text[i];
        return first >= 0
                ? narrow[first]
                : first < (byte) 0xE0
                        ? narrow[(first & 0x1F) << 6 | text[i + 1] & 0x3F]
                        : rule.kind(LowerCase.codePoint(text, i));
    }

    /** The high bits of those of eight bytes that are small ASCII letters, digits or underscores: words by either rule. */
    private static long letters(long eight) {
        long low = eight & ~HIGH;
        long small = low + (0x80 - 'a') * ONES & ~(low + (0x7F - 'z') * ONES);
        long digit = low + (0x80 - '0') * ONES & ~(low + (0x7F - '9') * ONES);
        long underscore = ~((low ^ '_' * ONES) + 0x7F * ONES);
        return (small | digit | underscore) & ~eight;
    }

    /** The high bits of those of eight bytes that are ASCII's white space by either rule. */
    private static long spaces(long eight) {
        long low = eight & ~HIGH;
        long control = low + (0x80 - '\t') * ONES & ~(low + (0x7F - '\r') * ONES);
        long blank = ~((low ^ ' ' * ONES) + 0x7F * ONES);
        return (control | blank) & ~eight;
    }

    /** The high bits of eight bytes as eight bits. */
    private static long bits(long eight) {
        return ((eight & HIGH) >>> 7) * 0x0102040810204080L >>> Long.SIZE - Long.BYTES;
    }
}
