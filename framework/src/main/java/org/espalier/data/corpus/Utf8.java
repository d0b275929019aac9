package org.espalier.data.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.espalier.data.file.FileFormatException;

/** Whole files of UTF-8; anything else in them is refused with its line. */
final class Utf8 {
    private static final long MOST_BYTES = 1 << 30;

    private Utf8() {}

    /** The text of {@code file}, without the byte order mark that some editors put first. */
    static String read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no text file " + file.toAbsolutePath());
        }
        long size = Files.size(file);
        if (size > MOST_BYTES) {
            throw new FileFormatException(file, MOST_BYTES, size + " bytes are more text than is read at once");
        }
        return decode(file, Files.readAllBytes(file));
    }

    /** Bytes of a file, which of most texts are hardly more than their characters; nothing where there is none. */
    static OptionalLong size(Path file) {
        try {
            return OptionalLong.of(Files.size(file));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** The text that {@code bytes}, read from {@code file}, are. */
    static String decode(Path file, byte[] bytes) throws FileFormatException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            long line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            throw new FileFormatException(file, "line " + line, "is not UTF-8");
        }
        String text = out.flip().toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
