package org.espalier.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.espalier.data.file.Snapshot;
import org.espalier.track.Tracker;

/** What one seed measures: its lines in the run's two files, behind those of the seeds before it, and the same on the tracker. */
final class SeedMetrics implements AutoCloseable {
    private static final String METRICS = "metrics";
    private static final String TIMINGS = "timings";

    private final String run;
    private final RunFolder folder;
    private final Tracker.Run tracked;
    private final MetricLog metrics;
    private final MetricLog timings;

    /** @param lengths how much of each file is to be kept */
    private SeedMetrics(long seed, RunFolder folder, Tracker.Run tracked, Map<String, Long> lengths)
            throws IOException {
        this.run = run(seed);
        this.folder = folder;
        this.tracked = tracked;
        this.metrics = new MetricLog(folder.metrics(), lengths.get(METRICS));
        this.timings = new MetricLog(folder.timings(), lengths.get(TIMINGS));
    }

    /**
     * Begins a seed's lines behind those of the seeds before it, which are done.
     *
     * @param seeds all seeds of the experiment in their order
     */
    static SeedMetrics begin(List<Long> seeds, long seed, RunFolder folder, Tracker.Run tracked) throws IOException {
        List<Long> before = seeds.subList(0, seeds.indexOf(seed));
        long metrics = start(before, folder, folder.metrics(), METRICS);
        long timings = start(before, folder, folder.timings(), TIMINGS);
        return new SeedMetrics(seed, folder, tracked, Map.of(METRICS, metrics, TIMINGS, timings));
    }

    /** Goes on behind the lines that a checkpoint counts on; see {@link #note}. */
    static SeedMetrics goOn(Map<String, Object> saved, long seed, RunFolder folder, Tracker.Run tracked)
            throws IOException {
        long metrics = (Long) saved.get(METRICS);
        long timings = (Long) saved.get(TIMINGS);
        return new SeedMetrics(seed, folder, tracked, Map.of(METRICS, metrics, TIMINGS, timings));
    }

    private static long start(List<Long> before, RunFolder folder, Path file, String name) throws IOException {
        if (before.isEmpty()) return 0;
        Set<String> runs = new HashSet<>();
        for (long earlier : before) runs.add(run(earlier));
        long needed = noted(folder.checkpoint(before.getLast()), name);
        long end = MetricLog.end(file, runs);
        if (end < needed) throw MetricLog.tooShort(file, end, needed);
        return end;
    }

    /** How long a file was when an earlier seed was done. */
    private static long noted(Path checkpoint, String name) throws IOException {
        Optional<Snapshot> last = Snapshot.latest(checkpoint);
        return last.map(snapshot -> (Long) snapshot.state().get(name)).orElse(0L);
    }

    private static String run(long seed) {
        return "seed-" + seed;
    }

    /** Logs a number that is the same whenever the run is made again. */
    void log(String name, long step, double value) {
        metrics.add(run, step, name, value);
        tracked.metric(name, step, value);
    }

    /** Logs a time, or a number that depends on times. */
    void time(String name, long step, double value) {
        timings.add(run, step, name, value);
        tracked.metric(name, step, value);
    }

    /** Logs again what stages that are not done again had logged. */
    void replay(StepCache.Entry entry) {
        replay(entry.lines(METRICS), metrics);
        replay(entry.lines(TIMINGS), timings);
    }

    private void replay(String lines, MetricLog to) {
        to.addLines(lines);
        lines.lines().forEach(line -> {
            String[] cells = line.split(",", 4);
            tracked.metric(cells[2], Long.parseLong(cells[1]), Double.parseDouble(cells[3]));
        });
    }

    /** Brings all lines to the disk, and notes for a checkpoint how long the files are. */
    void note(Map<String, Object> saved) throws IOException {
        saved.put(METRICS, metrics.force());
        saved.put(TIMINGS, timings.force());
    }

    /** Keeps this seed's lines with the result of its first {@code done} stages; false if the cache has no room for it. */
    boolean cache(StepCache cache, List<Stage> stages, int done, State state) throws IOException {
        metrics.force();
        timings.force();
        return cache.put(stages, done, state.arrays(), own(folder.metrics()), own(folder.timings()));
    }

    private String own(Path file) throws IOException {
        StringBuilder own = new StringBuilder();
        for (String line : Files.readAllLines(file))
            if (line.startsWith(run + ",")) own.append(line).append('\n');
        return own.toString();
    }

    @Override
    public void close() throws IOException {
        metrics.close();
        timings.close();
    }
}
