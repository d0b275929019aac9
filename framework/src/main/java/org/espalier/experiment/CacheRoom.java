package org.espalier.experiment;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.data.file.DurableFile;

/**
 * Keeps the cache of stages from filling the disk: what was not used for the longest time goes first.
 *
 * @param folder with a folder for each entry
 * @param most bytes of all entries
 * @param spare bytes that have to stay free on the disk
 */
record CacheRoom(Path folder, long most, long spare) {
    private static final long GIGABYTE = 1_000_000_000;
    static final String LOCK = "lock";

    private record Held(Path entry, long bytes, FileTime used) {}

    static CacheRoom of(Path folder) {
        return new CacheRoom(folder, 20 * GIGABYTE, 10 * GIGABYTE);
    }

    /** Says that an entry is of use still. */
    static void used(Path entry) throws IOException {
        if (Files.exists(entry.resolve(LOCK)))
            Files.setLastModifiedTime(entry.resolve(LOCK), FileTime.fromMillis(System.currentTimeMillis()));
    }

    /**
     * Makes room for {@code bytes} by dropping entries that nobody is writing; false if that does not help. Runs of one process do so one
     * after the other: what one is just dropping would seem to be written to the next, and no room would be found though there is.
     */
    boolean make(long bytes) throws IOException {
        Files.createDirectories(folder);
        synchronized (CacheRoom.class) {
            List<Held> held = held();
            long all = held.stream().mapToLong(Held::bytes).sum();
            long free = Files.getFileStore(folder).getUsableSpace();
            for (Held oldest : held) {
                if (fits(bytes, all, free) || bytes > most) break;
                if (!drop(oldest.entry())) continue;
                all -= oldest.bytes();
                free += oldest.bytes();
            }
            return fits(bytes, all, free);
        }
    }

    private boolean fits(long bytes, long all, long free) {
        return all + bytes <= most && free - bytes >= spare;
    }

    /** The entries, oldest first. */
    private List<Held> held() throws IOException {
        List<Held> held = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.filter(Files::isDirectory).toList())
                held(entry).ifPresent(held::add);
        }
        held.sort(Comparator.comparing(Held::used));
        return held;
    }

    private static Optional<Held> held(Path entry) throws IOException {
        try {
            Path dated = Files.exists(entry.resolve(LOCK)) ? entry.resolve(LOCK) : entry;
            return Optional.of(new Held(entry, bytes(entry), Files.getLastModifiedTime(dated)));
        } catch (NoSuchFileException | UncheckedIOException e) {
            return Optional.empty(); // another process is just dropping it
        }
    }

    private static long bytes(Path entry) throws IOException {
        try (Stream<Path> files = Files.walk(entry)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    /** Takes the entry out of sight in one step, so that nobody finds half of it; who reads it already has its files open. */
    private boolean drop(Path entry) throws IOException {
        try (FileChannel channel = FileChannel.open(entry.resolve(LOCK), CREATE, WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) return false;
            Path away = DurableFile.temporaryFolder(folder);
            Files.move(entry, away.resolve("entry"));
            DurableFile.deleteTree(away);
            return true;
        } catch (OverlappingFileLockException e) {
            return false; // another run of this very process is writing it
        } catch (NoSuchFileException e) {
            return true; // another process has dropped it
        }
    }
}
