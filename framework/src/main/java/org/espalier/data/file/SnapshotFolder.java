package org.espalier.data.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The folder in which snapshots follow one another. */
final class SnapshotFolder {
    private static final int KEPT = 2;

    /** A best loss may still be infinite, so the numbers JSON leaves out are written by name and read back. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();

    /** @param sum SHA-256 of the rest as JSON: a flipped bit may well leave a manifest that can be read */
    private record Manifest(Map<String, Digest> files, Map<String, Object> state, String sum) {
        static Manifest of(Map<String, Digest> files, Map<String, Object> state) throws JsonProcessingException {
            return new Manifest(files, state, sum(files, state));
        }

        boolean whole() throws JsonProcessingException {
            return sum(files, state).equals(sum);
        }

        private static String sum(Map<String, Digest> files, Map<String, Object> state) throws JsonProcessingException {
            return Digest.of(JSON.writeValueAsString(List.of(files, state))).sha256();
        }
    }

    private final Path folder;
    private final Disk disk;

    SnapshotFolder(Path folder, Disk disk) {
        this.folder = folder;
        this.disk = disk;
    }

    Snapshot save(Map<String, ?> state, SafetensorsWriter arrays) throws IOException {
        Files.createDirectories(folder);
        DurableFile.clean(folder);
        List<Path> before = numbered();
        long number = before.isEmpty() ? 1 : number(before.getFirst()) + 1;
        Path target = folder.resolve("%08d".formatted(number));
        Path temporary = DurableFile.temporary(folder);
        try {
            Files.createDirectory(temporary);
            write(temporary, state, arrays);
            disk.move(temporary, target);
            disk.sync(folder);
        } catch (IOException e) {
            discard(temporary, e);
            throw DurableFile.explained(target, e);
        }
        for (Path old : before.subList(Math.min(before.size(), KEPT - 1), before.size())) {
            delete(old);
        }
        return new Snapshot(number, target, read(target).state, List.of());
    }

    private void write(Path temporary, Map<String, ?> state, SafetensorsWriter arrays) throws IOException {
        Digest digest = DurableFile.create(disk, temporary.resolve(Snapshot.ARRAYS), arrays);
        Manifest manifest = Manifest.of(Map.of(Snapshot.ARRAYS, digest), new TreeMap<>(state));
        ByteBuffer json = ByteBuffer.wrap(JSON.writeValueAsBytes(manifest));
        DurableFile.create(disk, temporary.resolve(Snapshot.MANIFEST), channel -> channel.write(json));
        disk.sync(temporary);
    }

    Optional<Snapshot> latest() throws IOException {
        List<String> passedOver = new ArrayList<>();
        for (Path candidate : numbered()) {
            try {
                Manifest manifest = read(candidate);
                return Optional.of(new Snapshot(number(candidate), candidate, manifest.state, List.copyOf(passedOver)));
            } catch (NoSuchFileException e) {
                passedOver.add(candidate.getFileName() + " lacks "
                        + Path.of(e.getFile()).getFileName());
            } catch (IOException e) {
                passedOver.add(candidate.getFileName() + ": " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    private static Manifest read(Path candidate) throws IOException {
        Path file = candidate.resolve(Snapshot.MANIFEST);
        Manifest manifest;
        try {
            manifest = JSON.readValue(Files.readAllBytes(file), Manifest.class);
        } catch (JsonProcessingException e) {
            long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
            throw new FileFormatException(file, at, e.getOriginalMessage());
        }
        if (manifest == null || manifest.state == null || manifest.files == null || manifest.files.isEmpty()) {
            throw new FileFormatException(file, 0, "files and state are missing");
        }
        if (!manifest.whole()) {
            throw new FileFormatException(file, 0, "has another digest than it says");
        }
        for (Map.Entry<String, Digest> entry : manifest.files.entrySet()) {
            Path path = candidate.resolve(Path.of(entry.getKey()).getFileName());
            Digest found = Digest.of(path);
            if (!found.equals(entry.getValue())) {
                throw new FileFormatException(path, 0, "has " + found + " instead of " + entry.getValue());
            }
        }
        return manifest;
    }

    /** The numbered folders, newest first. */
    private List<Path> numbered() throws IOException {
        return list().stream()
                .filter(path -> path.getFileName().toString().matches("[0-9]{8,18}"))
                .sorted(Comparator.comparingLong(SnapshotFolder::number).reversed())
                .toList();
    }

    private static long number(Path path) {
        return Long.parseLong(path.getFileName().toString());
    }

    private List<Path> list() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.toList();
        }
    }

    private static void discard(Path temporary, IOException cause) {
        try {
            delete(temporary);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Deletes a folder, its manifest first, so that half of it is never taken for a snapshot. */
    private static void delete(Path old) throws IOException {
        Files.deleteIfExists(old.resolve(Snapshot.MANIFEST));
        DurableFile.deleteTree(old);
    }
}
