package org.espalier.data.select;

import java.nio.file.Path;
import org.espalier.launch.ByteSearch;

/**
 * Whole lines of a file.
 *
 * @param bytes the lines, and at least eight bytes behind them that mean nothing
 * @param length how many bytes are lines; the last of a file may lack its line feed
 * @param first the number of its first line, from 0
 */
record LineBlock(Path file, byte[] bytes, int length, long first) {
    /** Lines in the first {@code length} bytes, an unended last one among them. */
    static int count(byte[] bytes, int length) {
        int feeds = ByteSearch.count(bytes, 0, length, (byte) '\n');
        return length > 0 && bytes[length - 1] != '\n' ? feeds + 1 : feeds;
    }

    /** The line feed that ends the line which begins at {@code from}, or the end of the block. */
    int end(int from) {
        return ByteSearch.find(bytes, from, length, (byte) '\n');
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
