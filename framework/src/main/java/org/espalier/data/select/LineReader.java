package org.espalier.data.select;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.espalier.data.file.Digest;
import org.espalier.data.file.FileFormatException;
import org.espalier.data.ngram.JsonText;

/** Reads a file, unpacking it where it is packed, in blocks of whole lines. */
final class LineReader implements Closeable {
    private static final int BLOCK = 1 << 18; // stays in a core's own cache
    private static final int LONGEST_LINE = 1 << 28;

    private final Path file;
    private final PackedInput in;
    private final Deque<byte[]> spare = new ArrayDeque<>();
    private byte[] rest = new byte[0];
    private long lines;
    private boolean ended;

    LineReader(Path file) throws IOException {
        this(file, true);
    }

    /** @param digests whether the file's digest will be asked for */
    LineReader(Path file, boolean digests) throws IOException {
        this.file = file;
        this.in = new PackedInput(file, digests);
    }

    /**
     * The next block, or null where there is none.
     *
     * @throws FileFormatException where the file is cut off or damaged, naming the line
     */
    LineBlock next() throws IOException {
        if (ended) {
            return null;
        }
        byte[] bytes = array(Math.max(BLOCK, 2 * rest.length) + JsonText.MARGIN);
        int length = rest.length;
        System.arraycopy(rest, 0, bytes, 0, length);
        int feed = -1;
        while (true) {
            int before = length;
            length = fill(bytes, length);
            feed = last(bytes, before, length);
            if (ended || feed >= 0) {
                break;
            }
            if (bytes.length > LONGEST_LINE) {
                throw new FileFormatException(file, "line " + (lines + 1), "is longer than " + LONGEST_LINE + " bytes");
            }
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        int whole = ended ? length : feed + 1;
        rest = Arrays.copyOfRange(bytes, whole, length);
        LineBlock block = new LineBlock(file, bytes, whole, lines);
        lines += LineBlock.count(bytes, whole);
        return whole == 0 ? null : block;
    }

    private byte[] array(int size) {
        byte[] used = spare.poll();
        return used == null || used.length < size ? new byte[size] : used;
    }

    /** Takes back a block that nobody needs any more, so that its memory serves another. */
    void recycle(LineBlock block) {
        spare.push(block.bytes());
    }

    /** Lines of the blocks so far. */
    long lines() {
        return lines;
    }

    /** What identifies the file's own bytes, once all of it was read. */
    Digest digest() {
        return in.digest();
    }

    private int fill(byte[] bytes, int from) throws IOException {
        int length = from;
        int room = bytes.length - JsonText.MARGIN;
        try {
            while (length < room) {
                int count = in.read(bytes, length, room - length);
                if (count < 0) {
                    ended = true;
                    break;
                }
                length += count;
            }
        } catch (IOException e) {
            long line = lines + LineBlock.count(bytes, length) + (length > 0 && bytes[length - 1] != '\n' ? 0 : 1);
            throw new FileFormatException(file, "line " + line, in.explained(e));
        }
        return length;
    }

    private static int last(byte[] bytes, int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
