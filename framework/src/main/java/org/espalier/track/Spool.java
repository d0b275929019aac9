package org.espalier.track;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;

/**
 * An append-only journal of events that wait for a server, held by one process at a time. Each append is one write to
 * the file, so a record outlives the process; {@link #force} puts it on the disk, which happens at every flush and at
 * the end. A record torn by a power cut is cut off when the journal is opened again, and a notice says so.
 */
final class Spool implements Closeable {
    static final String SUFFIX = ".spool";
    private static final int STRETCH = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private volatile long size;

    private Spool(Path file, FileChannel channel, long size) {
        this.file = file;
        this.channel = channel;
        this.size = size;
    }

    /**
     * Opens a journal and repairs its end.
     *
     * @throws IOException also if another process holds it
     */
    static Spool open(Path file, Consumer<String> notice) throws IOException {
        Files.createDirectories(file.getParent());
        while (true) {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                if (!locked(channel)) {
                    throw new IOException(file.getFileName() + " is in use by a running process");
                }
                if (Files.exists(file)) {
                    Spool spool = new Spool(file, channel, channel.size());
                    spool.cutTornTail(notice);
                    return spool;
                }
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            // Another process delivered it and removed it between our opening and locking it.
            channel.close();
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void cutTornTail(Consumer<String> notice) throws IOException {
        long at = 0;
        SpoolFormat.Stretch stretch;
        do {
            stretch = read(at);
            if (stretch.damaged() > 0) {
                notice.accept(stretch.damaged() + " damaged record(s) in " + file.getFileName() + " are passed over");
            }
            at = stretch.next();
        } while (!stretch.entries().isEmpty() || stretch.damaged() > 0);
        if (at < size) {
            notice.accept("the last record of " + file.getFileName() + " was torn; its " + (size - at)
                    + " bytes are left out");
            channel.truncate(at);
            size = at;
        }
    }

    Path file() {
        return file;
    }

    long size() {
        return size;
    }

    /** Appends all events or, if the disk does not take them, none. */
    void append(List<Event> events) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(SpoolFormat.encode(events));
        long at = size;
        try {
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
            size = at;
        } catch (IOException e) {
            channel.truncate(size);
            throw e;
        }
    }

    void force() throws IOException {
        channel.force(false);
    }

    /** Records from an offset on, about a megabyte of them. Safe beside an append. */
    SpoolFormat.Stretch read(long offset) throws IOException {
        long end = size;
        for (long length = STRETCH; ; length *= 2) {
            long most = Math.min(length, end - offset);
            SpoolFormat.Stretch stretch = SpoolFormat.parse(bytes(offset, (int) most), offset);
            boolean moved = stretch.next() > offset;
            if (moved || most == end - offset || length > 2L * SpoolFormat.LONGEST) {
                return stretch;
            }
        }
    }

    private byte[] bytes(long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {}
        return buffer.array();
    }

    /** Removes the journal, all of which has been delivered, and closes it. */
    void remove() throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(SpoolState.file(file));
        close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
