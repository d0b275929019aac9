package org.espalier.track;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The process that writes a run, kept as a tag while the run is RUNNING.
 *
 * @param host machine and process namespace
 * @param pid process
 * @param started when the process started, milliseconds since 1970: process numbers are used again
 * @param beat last sign of life, milliseconds since 1970
 */
record Owner(String host, long pid, long started, long beat) {
    static final String TAG = "espalier.owner";
    static final long BEAT_MILLIS = 15_000;
    private static final long SILENT_MILLIS = 120_000;
    private static final String HERE = here();

    static Owner now() {
        ProcessHandle process = ProcessHandle.current();
        return new Owner(HERE, process.pid(), started(process), System.currentTimeMillis());
    }

    static Owner parse(String text) {
        String[] parts = text.split(" ");
        return new Owner(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]));
    }

    String text() {
        return host + " " + pid + " " + started + " " + beat;
    }

    /** On this machine the process table knows; of another machine only the missing heartbeat tells. */
    boolean dead() {
        if (!host.equals(HERE)) {
            return System.currentTimeMillis() - beat > SILENT_MILLIS;
        }
        return ProcessHandle.of(pid)
                .filter(process -> process.isAlive() && Math.abs(started(process) - started) < 2000)
                .isEmpty();
    }

    private static long started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
    }

    private static String here() {
        return (read("/proc/sys/kernel/hostname") + link("/proc/self/ns/pid")).replaceAll("\\s", "");
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            return System.getenv().getOrDefault("HOSTNAME", System.getenv().getOrDefault("COMPUTERNAME", "unknown"));
        }
    }

    private static String link(String file) {
        try {
            return "/" + Files.readSymbolicLink(Path.of(file));
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }
}
