package org.espalier.track;

import java.nio.file.Path;
import java.util.List;

/** Passes everything on to several trackers, in order. */
record FanOut(List<Tracker> trackers) implements Tracker {
    @Override
    public Run start(RunInfo info) {
        return new Runs(info.id(), trackers.stream().map(t -> t.start(info)).toList());
    }

    @Override
    public boolean flush() {
        boolean all = true;
        for (Tracker tracker : trackers) {
            all &= tracker.flush();
        }
        return all;
    }

    @Override
    public void close() {
        trackers.forEach(Tracker::close);
    }

    private record Runs(String id, List<Run> runs) implements Run {
        @Override
        public void parameter(String key, String value) {
            runs.forEach(run -> run.parameter(key, value));
        }

        @Override
        public void tag(String key, String value) {
            runs.forEach(run -> run.tag(key, value));
        }

        @Override
        public void metric(String name, long step, double value, long time) {
            for (Run run : runs) {
                run.metric(name, step, value, time);
            }
        }

        @Override
        public void dataset(DatasetInfo dataset) {
            runs.forEach(run -> run.dataset(dataset));
        }

        @Override
        public void artifact(String path, Path file) {
            runs.forEach(run -> run.artifact(path, file));
        }

        @Override
        public void end(RunStatus status) {
            runs.forEach(run -> run.end(status));
        }
    }
}
