package org.espalier.data.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What identifies the content of a file.
 *
 * @param bytes its length
 * @param sha256 its SHA-256 in hexadecimal
 */
public record Digest(long bytes, String sha256) {
    /** Reads {@code file} to its end. */
    public static Digest of(Path file) throws IOException {
        Running running = new Running();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer.clear()) >= 0) {
                running.add(buffer.flip());
            }
        }
        return running.end();
    }

    /** The digest of {@code content}. */
    public static Digest of(byte[] content) {
        Running running = new Running();
        running.add(ByteBuffer.wrap(content));
        return running.end();
    }

    /** The digest of {@code text} in UTF-8. */
    public static Digest of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return bytes + " bytes with SHA-256 " + sha256;
    }

    /** A digest in the making. */
    public static final class Running {
        private final MessageDigest sha256 = sha256();
        private long bytes;

        public void add(ByteBuffer part) {
            bytes += part.remaining();
            sha256.update(part);
        }

        public Digest end() {
            return new Digest(bytes, HexFormat.of().formatHex(sha256.digest()));
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }
}
