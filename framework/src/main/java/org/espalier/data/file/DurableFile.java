package org.espalier.data.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Files that are either wholly there or not there at all, also after a crash or on a full disk. */
public final class DurableFile {
    /** What temporary names start with; {@link #isTemporary} knows them again. */
    private static final String TEMPORARY = ".tmp-";

    private static final String OURS =
            TEMPORARY + ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime(), 36) + "-";
    private static final AtomicLong COUNT = new AtomicLong();

    private DurableFile() {}

    /** What to put into a file. */
    @FunctionalInterface
    public interface Body {
        void writeTo(WritableByteChannel channel) throws IOException;
    }

    /** Writes {@code target}, replacing what is there in one step; the file is on the disk when this returns. */
    public static Digest replace(Path target, Body body) throws IOException {
        return replace(Disk.REAL, target, body);
    }

    /** Moves a finished file or folder to its place in one step, and makes that last. */
    public static void move(Path from, Path to) throws IOException {
        try (FileChannel channel = FileChannel.open(from, StandardOpenOption.READ)) {
            Disk.REAL.force(channel);
        }
        Disk.REAL.move(from, to);
        Disk.REAL.sync(to.toAbsolutePath().getParent());
    }

    /** Makes a folder in {@code beside} that no other process or thread uses. */
    public static Path temporaryFolder(Path beside) throws IOException {
        return Files.createDirectory(temporary(beside));
    }

    /** Removes what other processes left unfinished in {@code folder}; for whoever alone may write there. */
    public static void clean(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : paths.filter(DurableFile::isLeftOver).toList()) {
                deleteTree(path);
            }
        }
    }

    /** Deletes a file or a folder with all that is in it; links are removed, not followed. */
    public static void deleteTree(Path root) throws IOException {
        if (Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> paths = Files.list(root)) {
                for (Path path : paths.toList()) {
                    deleteTree(path);
                }
            }
        }
        Files.deleteIfExists(root);
    }

    static Digest replace(Disk disk, Path target, Body body) throws IOException {
        Path whole = target.toAbsolutePath();
        Path temporary = temporary(whole.getParent());
        try {
            Digest digest = create(disk, temporary, body);
            disk.move(temporary, whole);
            disk.sync(whole.getParent());
            return digest;
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw explained(target, e);
        }
    }

    /** Writes a new file, forces it to the disk and reads it back: what arrived is what was meant. */
    static Digest create(Disk disk, Path file, Body body) throws IOException {
        Digest written;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            DigestingChannel digesting = new DigestingChannel(disk, channel);
            body.writeTo(digesting);
            written = digesting.digest();
            disk.force(channel);
        }
        Digest read = Digest.of(file);
        if (!read.equals(written)) {
            throw new IOException("wrote " + written + " but read back " + read);
        }
        return written;
    }

    /** A name in {@code folder} that no other process and no other thread of this one uses. */
    static Path temporary(Path folder) {
        return folder.resolve(OURS + COUNT.incrementAndGet());
    }

    /** Whether another process, by now dead or at fault, left this temporary file or folder. */
    private static boolean isLeftOver(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(TEMPORARY) && !name.startsWith(OURS);
    }

    /** The same failure, naming the file and the space left on its disk. */
    static IOException explained(Path target, IOException cause) {
        String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new IOException("cannot write " + target + ": " + reason + " (" + space(target) + ")", cause);
    }

    private static String space(Path target) {
        try {
            long bytes = Files.getFileStore(target.toAbsolutePath().getParent()).getUsableSpace();
            return "%,d MB free there".formatted(bytes / 1_000_000);
        } catch (IOException e) {
            return "free space unknown";
        }
    }

    /** Passes bytes on to the disk and digests them on the way. */
    private static final class DigestingChannel implements WritableByteChannel {
        private final Disk disk;
        private final FileChannel channel;
        private final Digest.Running running = new Digest.Running();

        DigestingChannel(Disk disk, FileChannel channel) {
            this.disk = disk;
            this.channel = channel;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int count = bytes.remaining();
            running.add(bytes.duplicate());
            disk.write(channel, bytes);
            return count;
        }

        Digest digest() {
            return running.end();
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
