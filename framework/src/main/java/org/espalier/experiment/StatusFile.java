package org.espalier.experiment;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps {@code status.json}: how a run stands, for people and for other tools. */
final class StatusFile {
    private final RunFolder folder;
    private final Map<String, Object> entries = new LinkedHashMap<>();
    private final long start = System.nanoTime();
    private final double before;
    private long written;

    StatusFile(RunFolder folder, Program program, String resume) {
        this.folder = folder;
        this.before = folder.status()
                .map(s -> s.get("seconds"))
                .map(seconds -> ((Number) seconds).doubleValue())
                .orElse(0.0);
        Object started =
                folder.status().map(s -> s.get("started")).orElse(Instant.now().toString());
        entries.put("state", "running");
        entries.put("stage", "");
        entries.put("exit_code", null);
        entries.put("error", null);
        entries.put("pid", ProcessHandle.current().pid());
        entries.put("started", started);
        entries.put("finished", null);
        entries.put("seconds", before);
        entries.put("name", program.experiment().name());
        entries.put("key", program.key().digest());
        entries.put("seeds", program.experiment().seeds());
        entries.put("arithmetic", program.arithmetic());
        entries.put("resume", resume);
        entries.put("specs", program.places().specs().toString());
    }

    void stage(long seed, String path) throws IOException {
        entries.put("stage", "seed-" + seed + "/" + path);
        if (System.nanoTime() - written > 1_000_000_000L) write();
    }

    /** The stage that runs, such as {@code seed-1/prune}; empty before the first. */
    String stage() {
        return (String) entries.get("stage");
    }

    /** Says how the run ended. */
    void end(String state, int exitCode, String error) throws IOException {
        entries.put("state", state);
        entries.put("exit_code", exitCode);
        entries.put("error", error);
        entries.put("finished", Instant.now().toString());
        if (state.equals("finished")) entries.put("stage", "");
        write();
    }

    private void write() throws IOException {
        entries.put("seconds", Math.round(10 * (before + (System.nanoTime() - start) / 1e9)) / 10.0);
        folder.writeJson("status.json", entries);
        written = System.nanoTime();
    }
}
