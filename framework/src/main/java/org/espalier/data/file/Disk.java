package org.espalier.data.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The calls that make a file last, gathered so that a test can make each of them fail. */
public interface Disk {
    /** The disk itself. */
    Disk REAL = new Disk() {};

    /** Writes all of {@code bytes} at the channel's position. */
    default void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Returns when the file's bytes and length have reached the disk. */
    default void force(FileChannel channel) throws IOException {
        channel.force(true);
    }

    /** Renames in one step: a reader sees the old name or the new one, never half of either. */
    default void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Returns when the names in {@code folder} have reached the disk. */
    default void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
