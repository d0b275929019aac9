package org.espalier.track;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How far a spool has been delivered, kept beside it. It only saves work: without it the runs are found again by their
 * tag, and their points by asking the server.
 */
final class SpoolState {
    /** Address without user and password. */
    public String server = "";

    /** Everything before this position is at the server. */
    public long offset;

    /** Records that the server will never take. */
    public long refused;

    /** From our run ids to the server's. */
    public Map<String, Remote> runs = new HashMap<>();

    /** Our ids of runs that have started and not ended. */
    public Set<String> open = new HashSet<>();

    /** A run at the server. */
    record Remote(String id, String artifacts) {}

    static Path file(Path spool) {
        return spool.resolveSibling(spool.getFileName() + ".state");
    }

    static SpoolState read(Path spool) {
        try {
            return MlflowJson.MAPPER.readValue(file(spool).toFile(), SpoolState.class);
        } catch (IOException e) {
            return new SpoolState();
        }
    }

    void write(Path spool) throws IOException {
        Path target = file(spool);
        Path part = target.resolveSibling(target.getFileName() + ".part");
        Files.writeString(part, MlflowJson.text(this));
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
