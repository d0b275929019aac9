package org.espalier.data.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Takes wanted files out of a tar stream. Where a file goes is decided by whoever wants it, never by the archive, so no
 * name in it, no link and no absolute path can lead outside; what is not wanted is skipped unread. The caps are 10,000
 * entries, 2 GB, and a hundred times the size of the compressed archive.
 */
final class TarReader {
    static final int MOST_ENTRIES = 10_000;
    static final long MOST_BYTES = 2L << 30;
    static final int MOST_RATIO = 100;

    private static final int BLOCK = 512;

    /** Receives one wanted file. */
    interface Sink {
        void accept(InputStream content, long bytes) throws IOException;
    }

    private final Map<String, Sink> wanted;
    private final Set<String> seen = new HashSet<>();
    private long passed;
    private long most;

    /** @param wanted what to do with the regular file of each name */
    TarReader(Map<String, Sink> wanted) {
        this.wanted = new HashMap<>(wanted);
    }

    /** The names that were found. */
    Set<String> seen() {
        return seen;
    }

    /** Takes a file that came in no tar archive, if it is wanted. */
    void offer(String name, InputStream content, long bytes) throws IOException {
        Sink sink = wanted.get(name);
        if (sink != null && seen.add(name)) {
            sink.accept(content, bytes);
        }
    }

    /**
     * Reads to the end of the archive.
     *
     * @param compressed how many bytes the archive has on disk
     */
    void read(InputStream in, long compressed) throws IOException {
        most = Math.min(MOST_BYTES, compressed * MOST_RATIO + (1 << 20));
        byte[] header = new byte[BLOCK];
        for (int entries = 0; next(in, header); entries++) {
            if (entries == MOST_ENTRIES) {
                throw wrong("more than " + MOST_ENTRIES + " entries");
            }
            checkSum(header);
            take(in, header);
        }
    }

    private void take(InputStream in, byte[] header) throws IOException {
        long bytes = number(header, 124, 12);
        count(bytes);
        String name = name(header);
        boolean regular = header[156] == '0' || header[156] == 0;
        Sink sink = regular ? wanted.get(name) : null;
        if (sink == null) {
            in.skipNBytes(bytes);
        } else {
            if (!seen.add(name)) {
                throw wrong("'" + name + "' stands in it twice");
            }
            Bounded content = new Bounded(in, bytes);
            sink.accept(content, bytes);
            in.skipNBytes(content.left());
        }
        long padding = -bytes & (BLOCK - 1);
        count(padding);
        in.skipNBytes(padding);
    }

    /** Whether there is another entry; two blocks of zeros, or the end of the stream, end an archive. */
    private boolean next(InputStream in, byte[] header) throws IOException {
        int read = in.readNBytes(header, 0, BLOCK);
        count(read);
        if (read == 0 || Arrays.equals(header, new byte[BLOCK])) {
            return false;
        }
        if (read < BLOCK) {
            throw wrong("it ends inside an entry's header");
        }
        return true;
    }

    private void count(long bytes) throws IOException {
        passed += bytes;
        if (passed > most) {
            throw wrong("it unpacks to more than " + most + " bytes");
        }
    }

    private void checkSum(byte[] header) throws IOException {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 255;
        }
        if (sum != number(header, 148, 8)) {
            throw wrong("an entry's checksum is wrong");
        }
    }

    private static String name(byte[] header) {
        String name = text(header, 0, 100);
        boolean posix = text(header, 257, 6).equals("ustar");
        String prefix = posix ? text(header, 345, 155) : "";
        String whole = prefix.isEmpty() ? name : prefix + "/" + name;
        return whole.startsWith("./") ? whole.substring(2) : whole;
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, UTF_8);
    }

    /** Octal digits, as every archive of files below 8 GB has them. */
    private long number(byte[] header, int from, int length) throws IOException {
        String digits = text(header, from, length).strip();
        if (!digits.matches("[0-7]{1,12}")) {
            throw wrong("an entry has the number '" + digits + "'");
        }
        return Long.parseLong(digits, 8);
    }

    private IOException wrong(String problem) {
        return new IOException("the archive is refused at byte " + passed + ": " + problem);
    }

    /** One entry's bytes. */
    static final class Bounded extends InputStream {
        private final InputStream in;
        private long left;

        Bounded(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        long left() {
            return left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (left == 0 && length > 0) {
                return -1;
            }
            int read = in.read(into, from, (int) Math.min(length, left));
            if (read < 0) {
                throw new IOException("the archive ends inside an entry");
            }
            left -= read;
            return read;
        }
    }
}
