package org.espalier.data.select;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.espalier.data.file.Digest;
import org.espalier.data.file.FileFormatException;

/**
 * The content of a file that may be packed by gzip or Zstandard, as its first bytes say. A packed file that is cut off, damaged, or
 * followed by something else is an error.
 */
final class PackedInput extends FilterInputStream {
    private static final int BUFFER = 1 << 16;
    private static final int MAGIC = 4;

    private final Digesting raw;

    /** @param digests whether the digest will be asked for */
    PackedInput(Path file, boolean digests) throws IOException {
        this(file, new Digesting(Files.newInputStream(file), digests));
    }

    private PackedInput(Path file, Digesting raw) throws IOException {
        super(unpacked(file, raw));
        this.raw = raw;
    }

    private static InputStream unpacked(Path file, Digesting raw) throws IOException {
        try {
            byte[] magic = new byte[MAGIC];
            PushbackInputStream in = new PushbackInputStream(raw, BUFFER);
            int count = in.readNBytes(magic, 0, MAGIC);
            in.unread(magic, 0, count);
            String name = file.getFileName().toString();
            if (magic[0] == 0x1F && magic[1] == (byte) 0x8B) {
                return new Gzip(in);
            }
            boolean zstandard = (magic[0] & 0xFF) == 0x28
                    && (magic[1] & 0xFF) == 0xB5
                    && magic[2] == 0x2F
                    && magic[3] == (byte) 0xFD;
            if (zstandard) {
                return new ZstdInputStreamNoFinalizer(in);
            }
            if (name.endsWith(".gz") || name.endsWith(".zst")) {
                throw new FileFormatException(file, 0, "this is not what its name says: packed");
            }
            return in;
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    /** What identifies the file's own bytes, once all of it was read. */
    Digest digest() {
        return raw.running.end();
    }

    /** What an error of the stream means. */
    String explained(IOException e) {
        boolean packed = in instanceof Gzip || in instanceof ZstdInputStreamNoFinalizer;
        if (!packed) {
            return "cannot be read: " + e.getMessage();
        }
        String why = e instanceof EOFException || e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
        return "the packed file is cut off or damaged here" + why;
    }

    /** Digests what passes. */
    private static final class Digesting extends FilterInputStream {
        private final Digest.Running running = new Digest.Running();

        private final boolean digests;

        Digesting(InputStream in, boolean digests) {
            super(in);
            this.digests = digests;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            int got = in.read(into, from, count);
            if (digests && got > 0) {
                running.add(ByteBuffer.wrap(into, from, got));
            }
            return got;
        }
    }

    /** The JDK's own stream takes anything that follows a member and is no other for the end; here it is an error. */
    private static final class Gzip extends GZIPInputStream {
        private static final int TRAILER = 8;

        private final InputStream packed;

        Gzip(InputStream packed) throws IOException {
            super(packed, BUFFER);
            this.packed = packed;
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            int got = super.read(into, from, count);
            if (got < 0 && (inf.getRemaining() > TRAILER || packed.read() >= 0)) {
                throw new IOException("something follows the packed data");
            }
            return got;
        }
    }
}
