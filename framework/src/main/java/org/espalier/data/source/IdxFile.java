package org.espalier.data.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.data.file.Digest;
import org.espalier.data.file.FileFormatException;

/**
 * An IDX file of unsigned bytes, the format of MNIST: two zero bytes, the type 8, the number of dimensions, a big-endian
 * count for each of them, then the bytes.
 *
 * @param counts one count a dimension
 * @param bytes the whole file
 * @param from index in {@code bytes} of the first element
 */
record IdxFile(Path file, int[] counts, byte[] bytes, int from, Digest digest) {
    private static final int UNSIGNED_BYTE = 8;

    /** Reads {@code file}, which must have {@code rank} dimensions and nothing after its last element. */
    static IdxFile read(Path file, int rank) throws IOException {
        long size = Files.size(file);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] header = in.readNBytes(Integer.BYTES * (1 + rank));
            int[] counts = counts(file, header, rank);
            checkLength(file, counts, header.length, size);
            byte[] bytes = new byte[(int) size];
            System.arraycopy(header, 0, bytes, 0, header.length);
            int read = header.length + in.readNBytes(bytes, header.length, bytes.length - header.length);
            if (read != size) {
                throw new FileFormatException(file, read, "the file became shorter while it was read");
            }
            return new IdxFile(file, counts, bytes, header.length, Digest.of(bytes));
        }
    }

    private static int[] counts(Path file, byte[] header, int rank) throws FileFormatException {
        check(file, header, 0, 0, "an IDX file starts with two zero bytes");
        check(file, header, 1, 0, "an IDX file starts with two zero bytes");
        check(file, header, 2, UNSIGNED_BYTE, "only unsigned bytes (type 8) are read");
        check(file, header, 3, rank, "this file should have " + rank + " dimensions");
        int[] counts = new int[rank];
        for (int d = 0; d < rank; d++) {
            int at = Integer.BYTES * (1 + d);
            if (header.length < at + Integer.BYTES) {
                throw new FileFormatException(file, header.length, "the file ends inside the count of dimension " + d);
            }
            counts[d] = ByteBuffer.wrap(header).getInt(at);
            if (counts[d] < 0) {
                throw new FileFormatException(
                        file, at, "dimension " + d + " counts " + Integer.toUnsignedString(counts[d]));
            }
        }
        return counts;
    }

    private static void check(Path file, byte[] header, int at, int wanted, String rule) throws FileFormatException {
        if (header.length <= at) {
            throw new FileFormatException(file, header.length, "the file ends inside its first four bytes");
        }
        if ((header[at] & 255) != wanted) {
            throw new FileFormatException(file, at, rule + ", here is " + (header[at] & 255));
        }
    }

    /** Before anything is allocated: the counts must be those of a file of exactly this length. */
    private static void checkLength(Path file, int[] counts, int header, long size) throws FileFormatException {
        long elements = 1;
        for (int d = 0; d < counts.length; d++) {
            elements *= counts[d];
            if (elements > Integer.MAX_VALUE - 64) {
                throw new FileFormatException(
                        file, Integer.BYTES * (1 + d), "the counts multiply to more bytes than can be held");
            }
        }
        if (size < header + elements) {
            throw new FileFormatException(
                    file, size, "the file ends here, but its counts promise " + (header + elements) + " bytes");
        }
        if (size > header + elements) {
            throw new FileFormatException(
                    file, header + elements, (size - header - elements) + " bytes follow the last element");
        }
    }
}
