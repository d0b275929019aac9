package org.espalier.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.espalier.data.Dataset;
import org.espalier.data.file.Safetensors;
import org.espalier.data.file.Snapshot;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.launch.Device;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;
import org.espalier.models.Model;
import org.espalier.prune.Pruning;
import org.espalier.track.Tracker;
import org.espalier.train.Course;
import org.espalier.train.NotFiniteException;

/**
 * The stages of one seed, one after the other. A checkpoint is the state's arrays, the number of the stage, the step within a
 * training, and how long the metric files were; going on from it gives the bits of an uninterrupted run.
 */
final class SeedRun implements AutoCloseable {
    /** Stages that took less are done again rather than saved. */
    private static final long WORTH_SAVING = 1_000_000_000L;

    private final Program program;
    private final long seed;
    private final RunFolder folder;
    private final Surroundings surroundings;
    private final Parts parts;
    private final Tracker.Run tracked;
    private final StepCache cache;
    private final State state;
    private final Selecting selecting;
    private final MetricLog metrics;
    private final MetricLog timings;
    private int next;
    private long stepsDone = -1;
    private long lastCheckpoint = System.nanoTime();

    /** What a run is given from outside. */
    record Surroundings(Device device, Tracker tracker, Progress progress, Stop stop) {}

    SeedRun(
            Program program,
            long seed,
            Model model,
            RunFolder folder,
            Surroundings surroundings,
            Parts parts,
            Tracker.Run tracked,
            StepCache cache)
            throws IOException {
        this.program = program;
        this.seed = seed;
        this.folder = folder;
        this.surroundings = surroundings;
        this.parts = parts.ofSeed();
        this.tracked = tracked;
        this.cache = cache;
        this.state = new State(model);
        Optional<Snapshot> snapshot = Snapshot.latest(folder.checkpoint(seed));
        long metricsLength = 0;
        long timingsLength = 0;
        if (snapshot.isPresent()) {
            Map<String, Object> saved = snapshot.get().state();
            next = Math.toIntExact((Long) saved.get("stage"));
            stepsDone = (Long) saved.get("step");
            metricsLength = (Long) saved.get("metrics");
            timingsLength = (Long) saved.get("timings");
            try (Safetensors arrays = snapshot.get().arrays()) {
                state.load(arrays);
            }
            for (String reason : snapshot.get().passedOver())
                surroundings.progress().note("passed over a checkpoint: " + reason);
            surroundings
                    .progress()
                    .note("going on with seed " + seed + " at stage " + (next + 1) + " of "
                            + program.stages().size());
        }
        if (snapshot.isEmpty()) {
            if (anyCheckpoint())
                surroundings.progress().note("no checkpoint of seed " + seed + " can be used: it starts anew");
            metricsLength = start(folder.metrics(), "metrics");
            timingsLength = start(folder.timings(), "timings");
        }
        metrics = new MetricLog(folder.metrics(), metricsLength);
        timings = new MetricLog(folder.timings(), timingsLength);
        if (snapshot.isEmpty()) fromCache();
        selecting = new Selecting(program, seed, surroundings, state, this.parts, folder, tracked);
        for (Chosen chosen : state.chosen()) selecting.use(chosen);
    }

    /** Where this seed's lines begin: behind those of the seeds before it, which are done. */
    private long start(Path file, String name) throws IOException {
        List<Long> seeds = program.experiment().seeds();
        Set<String> before = new HashSet<>();
        for (long earlier : seeds.subList(0, seeds.indexOf(seed))) before.add("seed-" + earlier);
        if (before.isEmpty()) return 0;
        long needed = noted(seeds.get(before.size() - 1), name);
        long end = MetricLog.end(file, before);
        if (end < needed) throw MetricLog.tooShort(file, end, needed);
        return end;
    }

    /** How long a file was when an earlier seed was done. */
    private long noted(long earlier, String name) throws IOException {
        Optional<Snapshot> last = Snapshot.latest(folder.checkpoint(earlier));
        return last.map(snapshot -> (Long) snapshot.state().get(name)).orElse(0L);
    }

    private boolean anyCheckpoint() throws IOException {
        if (!Files.isDirectory(folder.checkpoint(seed))) return false;
        try (Stream<Path> all = Files.list(folder.checkpoint(seed))) {
            return all.findAny().isPresent();
        }
    }

    private String run() {
        return "seed-" + seed;
    }

    private void fromCache() throws IOException {
        Optional<StepCache.Entry> entry = cache.longest(program.stages());
        if (entry.isEmpty()) return;
        try (Safetensors arrays = entry.get().snapshot().arrays()) {
            state.load(arrays);
        }
        next = entry.get().stages();
        replay(entry.get().lines("metrics"), metrics);
        replay(entry.get().lines("timings"), timings);
        surroundings.progress().note("took " + next + " stage" + (next == 1 ? "" : "s") + " from the cache");
    }

    private void replay(String lines, MetricLog to) {
        to.addLines(lines);
        lines.lines().forEach(line -> {
            String[] cells = line.split(",", 4);
            tracked.metric(cells[2], Long.parseLong(cells[1]), Double.parseDouble(cells[3]));
        });
    }

    /** Runs what is left. */
    void run(StatusFile status) throws IOException {
        List<Stage> stages = program.stages();
        for (; next < stages.size(); next++) {
            Stage stage = stages.get(next);
            status.stage(seed, stage.path());
            surroundings.progress().stage(seed, stage.path(), next + 1, stages.size(), state.weightsLeft());
            long start = System.nanoTime();
            execute(stage);
            state.forgetTraining();
            stepsDone = -1;
            boolean worthwhile = System.nanoTime() - start > WORTH_SAVING;
            if (worthwhile) cacheIfShared(stage);
            next++;
            boolean selected = stage.step() instanceof Step.Select; // never made twice
            if (worthwhile || selected || due() || surroundings.stop().asked()) checkpoint();
            next--;
            if (surroundings.stop().asked() && next + 1 < stages.size()) throw new Stop.Stopped();
        }
        checkpoint();
    }

    /** Writes the model file, which says that this seed is done. */
    void keepModel() throws IOException {
        Files.createDirectories(folder.model(seed).getParent());
        state.modelOnly()
                .metadata("format", "espalier")
                .metadata("run", program.key().digest())
                .write(folder.model(seed));
    }

    private void execute(Stage stage) throws IOException {
        switch (stage.step()) {
            case Step.Save save -> state.save(save.to());
            case Step.Rewind rewind -> state.rewind(rewind.to());
            case Step.Restore restore -> state.restore(restore.to());
            case Step.Reinit reinit -> reinitialise(stage, reinit.fan());
            case Step.Select select -> select(stage, select);
            case Step.Train train ->
                train(
                        stage,
                        new TrainingStage.Kind(
                                train.course(), train.data(), train.watch(), Optional.empty(), train.hooks()),
                        train.save());
            case Step.Recover recover ->
                train(
                        stage,
                        new TrainingStage.Kind(
                                recover.course(), recover.data(), recover.watch(), recover.adapt(), recover.hooks()),
                        Map.of());
            case Step.Prune prune -> prune(stage, prune);
            case Step.Evaluate evaluate -> evaluate(stage, evaluate);
            case Step.Repeat repeat -> throw new IllegalStateException("a loop was not unrolled");
        }
    }

    private void reinitialise(Stage stage, Step.Reinit.Fan fan) throws IOException {
        Model fresh = program.fresh(Rng.of(seed, stage.path(), 0).nextLong());
        List<Parameter> drawn = fresh.parameters();
        List<Parameter> own = state.model().parameters();
        for (int i = 0; i < own.size(); i++) {
            float[] values = drawn.get(i).value();
            if (fan == Step.Reinit.Fan.SPARSE && own.get(i).kind() == Parameter.Kind.WEIGHT) {
                float scale = (float) (1 / Math.sqrt(Math.max(own.get(i).density(), 1.0 / values.length)));
                for (int k = 0; k < values.length; k++) values[k] *= scale;
            }
            own.get(i).load(values);
        }
    }

    private void select(Stage stage, Step.Select select) throws IOException {
        long start = System.nanoTime();
        selecting.run(stage, select, this::moment, this::log);
        time(stage.step().name() + "/milliseconds", stage.turn(), (System.nanoTime() - start) / 1e6);
    }

    /** A selector's work so far may be kept now. */
    private void moment(Runnable prepare) {
        if (!due() && !surroundings.stop().asked()) return;
        prepare.run();
        checkpoint();
        if (surroundings.stop().asked()) throw new Stop.Stopped();
    }

    private void train(Stage stage, TrainingStage.Kind kind, Map<String, Long> save) throws IOException {
        Course course = kind.course();
        TrainingStage training = new TrainingStage(
                surroundings, state, parts, kind, seed, stage, this::log, folder.adapter(seed, stage.path()));
        Map<Long, String> saveAt = new HashMap<>();
        save.forEach((name, at) -> saveAt.put(at, name));
        training.run(stepsDone < 0 ? course.start() : stepsDone, step -> {
            if (saveAt.containsKey(step)) state.save(saveAt.get(step));
            if (step < course.steps() && (due() || surroundings.stop().asked())) {
                NotFiniteException.check(state.model(), stage.path(), step); // the last good checkpoint stays
                stepsDone = step;
                checkpoint();
                if (surroundings.stop().asked()) throw new Stop.Stopped();
            }
        });
        time(stage.step().name() + "/milliseconds-per-step", stage.turn(), training.millisecondsPerStep());
        if (stage.step() instanceof Step.Recover) {
            time(stage.step().name() + "/typical-milliseconds-per-step", stage.turn(), training.typicalMilliseconds());
            time(stage.step().name() + "/measured-bytes", stage.turn(), training.measuredBytes());
        }
    }

    private void prune(Stage stage, Step.Prune prune) throws IOException {
        Pruning.Calibration calibration = null;
        if (prune.calibrate().isPresent())
            calibration = new Pruning.Calibration(
                    parts.get(prune.calibrate().get().data()),
                    prune.calibrate().get().samples(),
                    prune.calibrate().get().walk());
        long start = System.nanoTime();
        List<Pruning.Change> changes = new Pruning(
                        surroundings.device(), state.model(), prune.recipe(), seed, stage.path())
                .prune(calibration);
        long removed = 0;
        for (Pruning.Change change : changes) {
            removed += change.keptBefore() - change.keptAfter();
            log(
                    stage.step().name() + "/density." + change.layer(),
                    stage.turn(),
                    change.keptAfter() / (double) change.size());
        }
        time(stage.step().name() + "/milliseconds", stage.turn(), (System.nanoTime() - start) / 1e6);
        log(stage.step().name() + "/removed", stage.turn(), removed);
        log(stage.step().name() + "/weights-left", stage.turn(), state.weightsLeft());
        if (calibration != null) overlaps(stage, calibration.data());
    }

    /** Says how much of the text that methods are judged by they have been calibrated with. */
    private void overlaps(Stage stage, Dataset calibrated) throws IOException {
        if (calibrated.labels() < 2) return;
        Set<String> judged = new java.util.TreeSet<>();
        for (Stage other : program.stages())
            if (other.step() instanceof Step.Evaluate evaluate) judged.add(evaluate.data());
        for (String part : judged)
            log(stage.step().name() + "/overlap." + part, stage.turn(), Overlap.of(calibrated, parts.get(part)));
    }

    private void evaluate(Stage stage, Step.Evaluate evaluate) throws IOException {
        Measurement measurement = new Measurement(
                surroundings.device(),
                state.model(),
                parts.get(evaluate.data()),
                new Measurement.Texts(parts.tokenizer(), program.places().specs()));
        for (Metric metric : evaluate.metrics()) {
            Map<String, Double> found = new java.util.TreeMap<>(metric.measure(measurement));
            found.forEach((name, value) -> {
                if (metric.timing()) time(stage.step().name() + "/" + name, stage.turn(), value);
                else log(stage.step().name() + "/" + name, stage.turn(), value);
            });
            if (found.containsKey("perplexity"))
                surroundings
                        .progress()
                        .note("%s: perplexity %.2f on %s, %.1f %% of the weights left"
                                .formatted(
                                        stage.path(),
                                        found.get("perplexity"),
                                        evaluate.data(),
                                        100 * state.weightsLeft()));
            if (found.containsKey("accuracy"))
                surroundings
                        .progress()
                        .note("%s: %.2f %% of %s right, %.1f %% of the weights left"
                                .formatted(
                                        stage.path(),
                                        100 * found.get("accuracy"),
                                        evaluate.data(),
                                        100 * state.weightsLeft()));
        }
    }

    private void log(String name, long step, double value) {
        metrics.add(run(), step, name, value);
        tracked.metric(name, step, value);
    }

    private void time(String name, long step, double value) {
        timings.add(run(), step, name, value);
        tracked.metric(name, step, value);
    }

    private boolean due() {
        return System.nanoTime() - lastCheckpoint > program.experiment().checkpoint() * 1e9;
    }

    private void checkpoint() {
        try {
            Map<String, Object> saved = new LinkedHashMap<>();
            saved.put("stage", (long) next);
            saved.put("step", stepsDone);
            saved.put("metrics", metrics.force());
            saved.put("timings", timings.force());
            surroundings.tracker().flush();
            Snapshot.save(folder.checkpoint(seed), saved, state.arrays());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        lastCheckpoint = System.nanoTime();
    }

    /** Results of expensive stages outside of loops are kept for other specs that begin the same way. */
    private void cacheIfShared(Stage stage) throws IOException {
        if (stage.turn() != 0 || !program.stages().subList(0, next + 1).stream().allMatch(s -> s.turn() == 0)) return;
        metrics.force();
        timings.force();
        cache.put(program.stages(), next + 1, state.arrays(), ownLines(folder.metrics()), ownLines(folder.timings()));
    }

    private String ownLines(Path file) throws IOException {
        StringBuilder own = new StringBuilder();
        for (String line : Files.readAllLines(file))
            if (line.startsWith(run() + ",")) own.append(line).append('\n');
        return own.toString();
    }

    @Override
    public void close() throws IOException {
        metrics.close();
        timings.close();
    }
}
