package org.espalier.track;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Opens the trackers that a run reports to. */
public final class Tracking {
    private Tracking() {}

    /**
     * The local store {@code mlflow.db} in the reports folder, and the server of {@code MLFLOW_TRACKING_URI} if that
     * names one.
     *
     * @param reports folder of the database and of the spool
     * @param environment the process's environment; {@code MLFLOW_EXPERIMENT_NAME} replaces the experiment's name, and
     *     {@code MLFLOW_TRACKING_USERNAME}, {@code _PASSWORD} and {@code _TOKEN} let in and are never written
     * @param notice receives one line for the console now and then
     */
    public static Tracker open(Path reports, Map<String, String> environment, Consumer<String> notice) {
        List<Tracker> trackers = new ArrayList<>();
        trackers.add(LocalStore.tracker(reports.resolve("mlflow.db"), notice));
        String asked = environment.getOrDefault("MLFLOW_TRACKING_URI", "").strip();
        Optional<ServerAddress> server = ServerAddress.of(environment);
        server.ifPresent(it -> trackers.add(MlflowTracker.tracker(reports.resolve("spool"), it, notice)));
        if (server.isEmpty() && !asked.isEmpty()) {
            notice.accept("MLFLOW_TRACKING_URI=" + ServerAddress.redact(asked)
                    + " is not the address of a server; runs are recorded in " + reports.resolve("mlflow.db"));
        }
        Tracker all = Tracker.all(trackers);
        String experiment = environment.getOrDefault("MLFLOW_EXPERIMENT_NAME", "");
        return experiment.isBlank() ? all : new Renamed(all, experiment);
    }

    /** Puts every run into one experiment. */
    private record Renamed(Tracker tracker, String experiment) implements Tracker {
        @Override
        public Run start(RunInfo info) {
            return tracker.start(info.inExperiment(experiment));
        }

        @Override
        public boolean flush() {
            return tracker.flush();
        }

        @Override
        public void close() {
            tracker.close();
        }
    }
}
