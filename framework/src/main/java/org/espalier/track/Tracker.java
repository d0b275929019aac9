package org.espalier.track;

import java.nio.file.Path;
import java.util.List;

/**
 * Where runs are recorded. No call throws because of the place they are recorded in, and none waits for it except
 * {@link #flush} and {@link #close}, which wait for a few seconds at most: losing a run to its own bookkeeping would be
 * absurd.
 */
public interface Tracker extends AutoCloseable {
    /** Starts a run, or continues the one with this id: points that are logged again replace the earlier ones. */
    Run start(RunInfo info);

    /**
     * Waits until all that was logged so far would survive the death of this process. Called before a checkpoint is
     * declared good, so that a resumed run misses no point.
     *
     * @return false if that was not reached in time
     */
    boolean flush();

    /** Writes what is waiting and ends the background work. */
    @Override
    void close();

    /** One run. Its methods may be called from any thread. */
    interface Run {
        String id();

        void parameter(String key, String value);

        void tag(String key, String value);

        /**
         * One point of a curve. Costs the caller less than a microsecond.
         *
         * @param name letters, digits and {@code _ - . / space}; slashes make groups of charts
         * @param step training iteration or turn; with run and name it identifies the point
         * @param time milliseconds since 1970
         */
        void metric(String name, long step, double value, long time);

        default void metric(String name, long step, double value) {
            metric(name, step, value, System.currentTimeMillis());
        }

        void dataset(DatasetInfo dataset);

        /**
         * A file of the run.
         *
         * @param path its name below the run's artifacts, see {@link ArtifactName}; another name is refused with a
         *     notice
         */
        void artifact(String path, Path file);

        void end(RunStatus status);
    }

    /** One tracker that records in each of several places. */
    static Tracker all(List<Tracker> trackers) {
        return trackers.size() == 1 ? trackers.getFirst() : new FanOut(List.copyOf(trackers));
    }
}
