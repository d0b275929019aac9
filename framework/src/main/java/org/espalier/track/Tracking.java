package org.espalier.track;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Opens the trackers that a run reports to. */
public final class Tracking {
    private Tracking() {}

    /**
     * The local store {@code mlflow.db} in the reports folder.
     *
     * @param reports folder of the database and of the spool
     * @param environment the process's environment; {@code MLFLOW_EXPERIMENT_NAME} replaces the experiment's name
     * @param notice receives one line for the console now and then
     */
    public static Tracker open(Path reports, Map<String, String> environment, Consumer<String> notice) {
        List<Tracker> trackers = new ArrayList<>();
        trackers.add(LocalStore.tracker(reports.resolve("mlflow.db"), notice));
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
