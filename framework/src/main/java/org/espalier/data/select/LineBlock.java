package org.espalier.data.select;

import java.nio.file.Path;

/**
 * Whole lines of a file.
 *
 * @param bytes the lines, and a few bytes behind them that mean nothing
 * @param length how many bytes are lines; the last of a file may lack its line feed
 * @param first the number of its first line, from 0
 */
record LineBlock(Path file, byte[] bytes, int length, long first) {
    /** The line feed that ends the line which begins at {@code from}, or the end of the block. */
    int end(int from) {
        int i = from;
        while (i < length && bytes[i] != '\n') {
            i++;
        }
        return i;
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
