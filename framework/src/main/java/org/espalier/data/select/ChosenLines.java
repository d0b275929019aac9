package org.espalier.data.select;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.BitSet;

/** Copies chosen lines of a file, each without the white space around it and with a line feed. */
final class ChosenLines {
    private ChosenLines() {}

    /**
     * @param chosen the lines by number, from 0
     * @throws IOException also where the file no longer has the lines that it had
     */
    static void copy(Path file, BitSet chosen, long lines, WritableByteChannel into) throws IOException {
        try (LineReader reader = new LineReader(file, false)) {
            int line = 0;
            ByteBuffer out = ByteBuffer.allocate(0);
            for (LineBlock block = reader.next(); block != null; block = reader.next()) {
                if (out.capacity() <= block.length()) {
                    out = ByteBuffer.allocate(block.length() + 1);
                }
                line = put(block, line, chosen, out.clear());
                into.write(out.flip());
                reader.recycle(block);
            }
            if (reader.lines() != lines) {
                throw new IOException(file + " had " + lines + " lines and now has " + reader.lines());
            }
        }
    }

    private static int put(LineBlock block, int first, BitSet chosen, ByteBuffer out) {
        int line = first;
        for (int from = 0; from < block.length(); line++) {
            int end = block.end(from);
            if (chosen.get(line)) {
                put(block, from, end, out);
            }
            from = end + 1;
        }
        return line;
    }

    private static void put(LineBlock block, int from, int to, ByteBuffer out) {
        int first = from;
        int end = to;
        while (first < end && LineBlock.isSpace(block.bytes()[first])) {
            first++;
        }
        while (end > first && LineBlock.isSpace(block.bytes()[end - 1])) {
            end--;
        }
        out.put(block.bytes(), first, end - first).put((byte) '\n');
    }
}
