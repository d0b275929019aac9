package org.espalier.data.pretrained;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.espalier.data.file.FileFormatException;
import org.espalier.launch.MappedFile;

/** Reads a mapped file from front to back and refuses to step over its end. */
final class GgufCursor {
    private static final int LONGEST_STRING = 1 << 20;

    private final MappedFile file;
    private long at;

    GgufCursor(MappedFile file, long at) {
        this.file = file;
        this.at = at;
    }

    long at() {
        return at;
    }

    /** Steps over so many bytes, which {@code what} takes. */
    void skip(long bytes, String what) throws FileFormatException {
        if (bytes < 0 || bytes > file.size() - at) {
            throw wrong(what + " does not fit: " + Long.toUnsignedString(bytes) + " bytes are promised and "
                    + (file.size() - at) + " left");
        }
        at += bytes;
    }

    byte readByte(String what) throws FileFormatException {
        long from = at;
        skip(Byte.BYTES, what);
        return file.byteAt(from);
    }

    int readInt(String what) throws FileFormatException {
        long from = at;
        skip(Integer.BYTES, what);
        return file.intAt(from);
    }

    long readLong(String what) throws FileFormatException {
        long from = at;
        skip(Long.BYTES, what);
        return file.longAt(from);
    }

    /** A count between 0 and {@code most}. */
    long readCount(String what, long most) throws FileFormatException {
        long from = at;
        long count = readLong(what);
        if (count < 0 || count > most) {
            at = from;
            throw wrong(what + " is " + Long.toUnsignedString(count) + ", more than " + most);
        }
        return count;
    }

    /** Steps over a string and returns where its bytes begin; they end at the cursor. */
    long skipString(String what) throws FileFormatException {
        long length = readCount("the length of " + what, LONGEST_STRING);
        long from = at;
        skip(length, what);
        return from;
    }

    String readString(String what) throws FileFormatException {
        long from = skipString(what);
        byte[] bytes = file.bytes(from, (int) (at - from));
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            at = from;
            throw wrong(what + " is not UTF-8");
        }
    }

    FileFormatException wrong(String problem) {
        return new FileFormatException(file.path(), at, problem);
    }
}
