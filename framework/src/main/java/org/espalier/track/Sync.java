package org.espalier.track;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Delivers what earlier runs could not: every spool below {@code reports/spool}, each point once, however often this is
 * itself interrupted.
 */
public final class Sync {
    private static final int TRIES = 4;

    private final Map<String, String> environment;
    private final Consumer<String> out;
    private long sent;
    private long left;
    private long refused;
    private boolean complete = true;

    private Sync(Map<String, String> environment, Consumer<String> out) {
        this.environment = environment;
        this.out = out;
    }

    /**
     * What a delivery came to.
     *
     * @param sent records that are at their servers now
     * @param left records that still wait
     * @param refused records that a server will never take
     * @param complete whether nothing waits and no spool had to be passed over
     */
    public record Outcome(long sent, long left, long refused, boolean complete) {}

    /**
     * Delivers all spools, to {@code MLFLOW_TRACKING_URI} or else to the server each was written for.
     *
     * @param reports folder with {@code spool} in it
     * @param out receives lines for the console
     */
    public static Outcome run(Path reports, Map<String, String> environment, Consumer<String> out) throws IOException {
        Sync sync = new Sync(environment, out);
        for (Path file : spools(reports.resolve("spool"))) {
            sync.deliver(file);
        }
        return new Outcome(sync.sent, sync.left, sync.refused, sync.complete);
    }

    private static List<Path> spools(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "*" + Spool.SUFFIX)) {
                stream.forEach(files::add);
            }
        }
        return files.stream().sorted().toList();
    }

    private void deliver(Path file) {
        SpoolState state = SpoolState.read(file);
        Optional<ServerAddress> asked = ServerAddress.of(environment);
        Optional<ServerAddress> address = asked.or(() -> ServerAddress.of(state.server, environment));
        if (address.isEmpty()) {
            pass(file, "set MLFLOW_TRACKING_URI to deliver it");
            return;
        }
        String base = address.get().base();
        if (!state.runs.isEmpty() && !base.equals(state.server)) {
            pass(file, "its delivery was begun at " + state.server + ", not at " + base);
            return;
        }
        state.server = base;
        try (Spool spool = Spool.open(file, out);
                MlflowServer server = new MlflowServer(address.get(), MlflowTracker.REQUEST_SECONDS)) {
            SpoolDelivery delivery = new SpoolDelivery(spool, state, server, out);
            String trouble = untilDone(delivery);
            long waiting = delivery.left();
            sent += delivery.sent();
            left += waiting;
            refused += delivery.refused();
            out.accept("%s: %d records delivered to %s, %d wait%s"
                    .formatted(file.getFileName(), delivery.sent(), base, waiting, trouble));
            complete &= delivery.complete();
            if (delivery.complete()) {
                spool.remove();
            }
        } catch (IOException e) {
            pass(file, e.getMessage());
        }
    }

    /** Delivers until nothing is left or the server has failed several times running; says what went wrong. */
    private static String untilDone(SpoolDelivery delivery) throws IOException {
        for (int failures = 0; ; ) {
            try {
                if (!delivery.deliver()) {
                    delivery.failOpen();
                    return "";
                }
                failures = 0;
            } catch (Undelivered e) {
                failures++;
                if (failures == TRIES || !slept(Courier.pauseMillis(failures))) {
                    return " (" + e.getMessage() + ")";
                }
            }
        }
    }

    private static boolean slept(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void pass(Path file, String why) {
        complete = false;
        out.accept(file.getFileName() + " is passed over: " + why);
    }
}
