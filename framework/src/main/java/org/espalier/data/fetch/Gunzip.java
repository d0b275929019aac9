package org.espalier.data.fetch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.espalier.data.file.FileFormatException;

/**
 * Unpacks a gzip file that holds exactly one member. The JDK's own stream takes what follows the first member for more
 * of the same and knows no limit; here both are refused, with the byte at which it happens.
 */
final class Gunzip {
    static final int MOST_RATIO = 1000;

    private static final int TRAILER = 8;
    private static final int HEADER_CHECK = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private final Path file;
    private final byte[] packed;
    private int at;

    private Gunzip(Path file, byte[] packed) {
        this.file = file;
        this.packed = packed;
    }

    /**
     * Unpacks {@code file} into {@code out}.
     *
     * @param most how many bytes may come out
     */
    static void unpack(Path file, OutputStream out, long most) throws IOException {
        long size = Files.size(file);
        if (size > most + (1 << 20)) {
            throw new FileFormatException(file, 0, size + " bytes cannot be " + most + " bytes, packed");
        }
        new Gunzip(file, Files.readAllBytes(file)).unpack(out, most);
    }

    private void unpack(OutputStream out, long most) throws IOException {
        skipHeader();
        Inflater inflater = new Inflater(true);
        CRC32 crc = new CRC32();
        try {
            inflater.setInput(packed, at, packed.length - at);
            byte[] chunk = new byte[1 << 16];
            while (!inflater.finished()) {
                int count = inflater.inflate(chunk);
                if (count == 0 && !inflater.finished()) {
                    throw wrong(packed.length, "the file ends inside its packed data");
                }
                checkAmount(inflater, most);
                crc.update(chunk, 0, count);
                out.write(chunk, 0, count);
            }
            at += (int) inflater.getBytesRead();
            checkTrailer(crc.getValue(), inflater.getBytesWritten());
        } catch (DataFormatException e) {
            throw wrong(at + inflater.getBytesRead(), "the packed data is damaged: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }

    private void checkAmount(Inflater inflater, long most) throws FileFormatException {
        long written = inflater.getBytesWritten();
        long read = at + inflater.getBytesRead();
        if (written > most) {
            throw wrong(read, "it unpacks to more than the " + most + " bytes it should have");
        }
        if (written > MOST_RATIO * read) {
            throw wrong(read, "it unpacks to more than " + MOST_RATIO + " times its size");
        }
    }

    private void skipHeader() throws FileFormatException {
        if (next() != 0x1F || next() != 0x8B || next() != 8) {
            throw wrong(at - 1, "this is not a gzip file");
        }
        int flags = next();
        if ((flags & RESERVED) != 0) {
            throw wrong(at - 1, "flags that gzip does not know");
        }
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(next() | next() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        skip((flags & HEADER_CHECK) != 0 ? 2 : 0);
    }

    private void checkTrailer(long crc, long written) throws FileFormatException {
        if (packed.length < at + TRAILER) {
            throw wrong(packed.length, "the file ends inside its checksum");
        }
        ByteBuffer trailer = ByteBuffer.wrap(packed, at, TRAILER).order(ByteOrder.LITTLE_ENDIAN);
        if (trailer.getInt() != (int) crc) {
            throw wrong(at, "the checksum is wrong");
        }
        if (trailer.getInt() != (int) written) {
            throw wrong(at + 4, "the length is wrong");
        }
        if (packed.length > at + TRAILER) {
            throw wrong(at + TRAILER, (packed.length - at - TRAILER) + " bytes follow the packed data");
        }
    }

    private int next() throws FileFormatException {
        if (at >= packed.length) {
            throw wrong(packed.length, "the file ends inside its header");
        }
        return packed[at++] & 255;
    }

    private void skip(int bytes) throws FileFormatException {
        for (int i = 0; i < bytes; i++) {
            next();
        }
    }

    private void skipText() throws FileFormatException {
        while (next() != 0) {
            continue;
        }
    }

    private FileFormatException wrong(long offset, String problem) {
        return new FileFormatException(file, offset, problem);
    }
}
