package org.espalier.data.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint that was written whole: a free-form state and named arrays. A checkpoint folder holds the newest two, each
 * in a numbered folder of its own with {@code arrays.safetensors} and, written last, {@code checkpoint.json}: the state
 * and the SHA-256 of every file. Whenever the power fails or the disk fills up, the previous or the new one loads.
 *
 * <p>One process at a time may save into a folder; any number may read.
 *
 * @param number counts up from 1 in one folder
 * @param folder where its files are
 * @param state what was saved: texts, {@code Long}, {@code Double}, {@code Boolean}, lists and maps of these
 * @param passedOver newer ones that could not be used, each with the reason; empty if this is the newest
 */
public record Snapshot(long number, Path folder, Map<String, Object> state, List<String> passedOver) {
    static final String ARRAYS = "arrays.safetensors";
    static final String MANIFEST = "checkpoint.json";

    /**
     * Writes the next snapshot of {@code folder}, which is made if need be, and deletes all but the newest two. It is
     * on the disk when this returns; an error names the file and the free space, and leaves the previous one in place.
     */
    public static Snapshot save(Path folder, Map<String, ?> state, SafetensorsWriter arrays) throws IOException {
        return new SnapshotFolder(folder, Disk.REAL).save(state, arrays);
    }

    /** The newest snapshot whose files all have the digests they were written with, if there is any. */
    public static Optional<Snapshot> latest(Path folder) throws IOException {
        return new SnapshotFolder(folder, Disk.REAL).latest();
    }

    /** Removes what a process that died while saving left behind; only the process that may save calls this. */
    public static void clean(Path folder) throws IOException {
        DurableFile.clean(folder);
    }

    /** The arrays, to be closed by the caller. */
    public Safetensors arrays() throws IOException {
        return Safetensors.open(folder.resolve(ARRAYS));
    }
}
