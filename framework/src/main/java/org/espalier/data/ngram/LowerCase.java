package org.espalier.data.ngram;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A document in lower case, as UTF-8, the way Python's {@code str.lower} makes it: with the dotted capital I as two code points and
 * the sigma at the end of a word. One is used again and again, so that nothing is allocated for a document.
 */
public final class LowerCase {
    /** So many bytes may be read and written at any place of the text. */
    static final int MARGIN = 64;

    static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final int SIGMA = 0x3A3;
    private static final int SMALL_SIGMA = 0x3C3;
    private static final int FINAL_SIGMA = 0x3C2;
    private static final int DOTTED_I = 0x130;
    private static final int DOT_ABOVE = 0x307;

    private byte[] bytes = new byte[1 << 16];
    private int length;
    private int sigmas;

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Begins a new document. */
    public void clear() {
        length = 0;
        sigmas = 0;
    }

    /**
     * Adds text.
     *
     * @throws IllegalArgumentException for half of a surrogate pair, which UTF-8 cannot hold
     */
    public void add(CharSequence text) {
        text.codePoints().forEach(this::add);
    }

    /** Adds one code point. */
    void add(int codePoint) {
        if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
            throw new IllegalArgumentException("half of a surrogate pair, which is no text");
        }
        reserve();
        switch (codePoint) {
            case DOTTED_I -> {
                put('i');
                put(DOT_ABOVE);
            }
            case SIGMA -> {
                sigmas++;
                put(SMALL_SIGMA);
                mark();
            }
            default -> put(Character.toLowerCase(codePoint));
        }
    }

    /** Where capital sigmas stand in the text so far; most texts have none. */
    private int[] places = new int[4];

    private void mark() {
        if (sigmas > places.length) {
            places = Arrays.copyOf(places, 2 * sigmas);
        }
        places[sigmas - 1] = length - 2;
    }

    /**
     * Adds the stretch of plain ASCII that begins at a place, eight bytes at a time: up to a quote, a backslash, a control character,
     * or one that takes several bytes.
     *
     * @param source must go on for {@link #MARGIN} bytes behind the end, whatever they are
     * @return where the stretch ends; {@code end} or more where it goes on to there, and then some of what is behind may be added
     */
    int addPlain(byte[] source, int from, int end) {
        int to = length;
        int at = from;
        for (; at < end; at += Long.BYTES, to += Long.BYTES) {
            if (to + 2 * MARGIN > bytes.length) {
                length = to;
                reserve();
            }
            long eight = (long) EIGHT.get(source, at);
            long special = special(eight);
            EIGHT.set(bytes, to, lower(eight));
            if (special != 0) {
                int plain = Long.numberOfTrailingZeros(special) >>> 3;
                length = to + plain;
                return at + plain;
            }
        }
        length = to;
        return at;
    }

    /** Where a stretch of plain ASCII ends, or {@code end} or more where it goes on to there. */
    static int endOfPlain(byte[] source, int from, int end) {
        for (int at = from; at < end; at += Long.BYTES) {
            long special = special((long) EIGHT.get(source, at));
            if (special != 0) {
                return at + (Long.numberOfTrailingZeros(special) >>> 3);
            }
        }
        return end;
    }

    /** The high bit of the lowest byte that ends a stretch of plain ASCII; bits above it may be wrong. */
    private static long special(long eight) {
        long quote = eight ^ '"' * ONES;
        long backslash = eight ^ '\\' * ONES;
        return (eight | (quote - ONES) & ~quote | (backslash - ONES) & ~backslash | (eight - ' ' * ONES) & ~eight)
                & HIGH;
    }

    /** Eight bytes with small letters where plain ASCII has capitals. */
    private static long lower(long eight) {
        long fromA = eight + (0x80 - 'A') * ONES; // the high bit says: at least 'A'
        long pastZ = eight + (0x7F - 'Z') * ONES; // and here: beyond 'Z'
        return eight | (fromA & ~pastZ & HIGH) >>> 2;
    }

    /** Ends the document: what depends on the letters around it is settled, and zeros follow the text. */
    public void end() {
        for (int i = 0; i < sigmas; i++) {
            if (isFinal(places[i])) {
                bytes[places[i] + 1] = (byte) (0x80 | FINAL_SIGMA & 0x3F);
            }
        }
        reserve();
        EIGHT.set(bytes, length, 0L);
    }

    /** Whether a cased letter stands before this sigma and none after it, not counting what is ignored between them. */
    private boolean isFinal(int at) {
        int before = at;
        int c;
        do {
            if (before == 0) {
                return false;
            }
            do {
                before--;
            } while ((bytes[before] & 0xC0) == 0x80);
            c = codePoint(bytes, before);
        } while (Casing.isIgnorable(c));
        if (!Casing.isCased(c)) {
            return false;
        }
        for (int after = at + 2; after < length; after += width(bytes[after])) {
            c = codePoint(bytes, after);
            if (!Casing.isIgnorable(c)) {
                return !Casing.isCased(c);
            }
        }
        return true;
    }

    private void reserve() {
        if (length + 2 * MARGIN > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.multiplyExact(2, bytes.length));
        }
    }

    private void put(int c) {
        if (c < 0x80) {
            bytes[length++] = (byte) c;
        } else if (c < 0x800) {
            bytes[length++] = (byte) (0xC0 | c >> 6);
            bytes[length++] = (byte) (0x80 | c & 0x3F);
        } else if (c < 0x10000) {
            bytes[length++] = (byte) (0xE0 | c >> 12);
            bytes[length++] = (byte) (0x80 | c >> 6 & 0x3F);
            bytes[length++] = (byte) (0x80 | c & 0x3F);
        } else {
            bytes[length++] = (byte) (0xF0 | c >> 18);
            bytes[length++] = (byte) (0x80 | c >> 12 & 0x3F);
            bytes[length++] = (byte) (0x80 | c >> 6 & 0x3F);
            bytes[length++] = (byte) (0x80 | c & 0x3F);
        }
    }

    /** Bytes of the code point that begins with this one, in valid UTF-8. */
    static int width(byte first) {
        return first >= 0 ? 1 : first < (byte) 0xE0 ? 2 : first < (byte) 0xF0 ? 3 : 4;
    }

    /** The code point that begins at {@code i}, in valid UTF-8. */
    static int codePoint(byte[] b, int i) {
        return switch (width(b[i])) {
            case 1 -> b[i];
            case 2 -> (b[i] & 0x1F) << 6 | b[i + 1] & 0x3F;
            case 3 -> (b[i] & 0x0F) << 12 | (b[i + 1] & 0x3F) << 6 | b[i + 2] & 0x3F;
            default -> (b[i] & 7) << 18 | (b[i + 1] & 0x3F) << 12 | (b[i + 2] & 0x3F) << 6 | b[i + 3] & 0x3F;
        };
    }
}
