package org.espalier.experiment;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.data.file.SafetensorsWriter;
import org.espalier.data.file.Snapshot;
import org.espalier.launch.Device;
import org.espalier.models.Zoo;
import org.espalier.spec.Canonical;

/**
 * Results of expensive first stages in {@code reports/cache/<step key>}, shared by all specs that begin the same way. A
 * step's key chains the model, the seed, the data, the device where it is not the CPU, and every step up to it.
 */
final class StepCache {
    /** A result of the first {@code stages} stages. */
    record Entry(int stages, Snapshot snapshot) {
        /** The lines that those stages had logged. */
        String lines(String file) {
            return (String) snapshot.state().get(file);
        }
    }

    private final Path folder;
    private final CacheRoom room;
    private final Key start;

    /**
     * @param digests SHA-256 of each part of the data
     */
    StepCache(Path folder, Program program, long seed, Map<String, String> digests) {
        this(CacheRoom.of(folder), program, seed, digests);
    }

    /** @param room for all entries */
    StepCache(CacheRoom room, Program program, long seed, Map<String, String> digests) {
        this.folder = room.folder();
        this.room = room;
        String model =
                Canonical.text(Canonical.key(Zoo.class, program.experiment().model()))
                        + program.origin().map(o -> o.key().digest()).orElse("");
        Key cpu = new Key(Canonical.sha256(model + "\n" + seed + "\n" + new java.util.TreeMap<>(digests)));
        this.start = program.arithmetic().equals(Device.CPU) ? cpu : cpu.then("on " + program.arithmetic());
    }

    /** The longest beginning of these stages whose result is here. */
    Optional<Entry> longest(List<Stage> stages) throws IOException {
        List<Key> keys = keys(stages);
        for (int n = keys.size(); n > 0; n--) {
            Path entry = folder.resolve(keys.get(n - 1).digest());
            Optional<Snapshot> snapshot = Snapshot.latest(entry);
            if (snapshot.isEmpty()) continue;
            CacheRoom.used(entry);
            return Optional.of(new Entry(n, snapshot.get()));
        }
        return Optional.empty();
    }

    /**
     * Keeps a result, unless it is here already or another process is just writing it: it would be the same. What was not used for the
     * longest time makes room for it.
     *
     * @return false if there is no room for it
     */
    boolean put(List<Stage> stages, int done, SafetensorsWriter arrays, String metrics, String timings)
            throws IOException {
        Path entry = folder.resolve(keys(stages).get(done - 1).digest());
        if (Snapshot.latest(entry).isPresent()) return true;
        if (!room.make(arrays.bytes())) return false;
        Files.createDirectories(entry);
        try (FileChannel channel = FileChannel.open(entry.resolve(CacheRoom.LOCK), CREATE, WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null || Snapshot.latest(entry).isPresent()) return true;
            Map<String, Object> state = new LinkedHashMap<>();
            state.put("metrics", metrics);
            state.put("timings", timings);
            Snapshot.save(entry, state, arrays);
            return true;
        } catch (OverlappingFileLockException e) {
            return true; // another run of this very process is writing it
        }
    }

    /** The keys of the stages before the first loop. */
    private List<Key> keys(List<Stage> stages) {
        List<Key> keys = new ArrayList<>();
        Key key = start;
        for (Stage stage : stages) {
            if (stage.turn() != 0) break;
            key = key.then(stage.path() + "\n" + Canonical.text(Canonical.key(Step.class, stage.step())));
            keys.add(key);
        }
        return keys;
    }
}
