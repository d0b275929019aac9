package org.espalier.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.espalier.data.file.ElementType;
import org.espalier.data.file.Safetensors;
import org.espalier.data.file.SafetensorsWriter;
import org.espalier.data.file.Snapshot;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.launch.Device;
import org.espalier.models.Model;
import org.espalier.models.pretrained.StreamedModel;
import org.espalier.track.Tracker;
import org.espalier.train.Course;
import org.espalier.train.NotFiniteException;

/**
 * The stages of one seed, one after the other. A checkpoint is the state's arrays, the number of the stage, the step within a
 * training, and how long the metric files were; going on from it gives the bits of an uninterrupted run.
 */
final class SeedRun implements AutoCloseable {
    /** Stages that took less are done again rather than saved, and so are those that take longer to save. */
    private static final long WORTH_SAVING = 1_000_000_000L;

    /** Checkpoints of large networks take long to write: between two of them at least so many times that long is worked. */
    private static final int WORK_PER_CHECKPOINT = 10;

    private final Program program;
    private final long seed;
    private final RunFolder folder;
    private final Surroundings surroundings;
    private final Parts parts;
    private final StepCache cache;
    private final State state;
    private final Selecting selecting;
    private final SeedMetrics metrics;
    private int next;
    private long stepsDone = -1;
    private long lastCheckpoint = System.nanoTime();
    private long checkpointTook;

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
        this.cache = cache;
        this.state = new State(model);
        Optional<Snapshot> snapshot = Snapshot.latest(folder.checkpoint(seed));
        if (snapshot.isPresent()) {
            goOn(snapshot.get());
            metrics = SeedMetrics.goOn(snapshot.get().state(), seed, folder, tracked);
        } else {
            if (anyCheckpoint())
                surroundings.progress().note("no checkpoint of seed " + seed + " can be used: it starts anew");
            metrics = SeedMetrics.begin(program.experiment().seeds(), seed, folder, tracked);
            fromCache();
        }
        selecting = new Selecting(program, seed, surroundings, state, this.parts, folder, tracked);
        for (Chosen chosen : state.chosen()) selecting.use(chosen);
    }

    private void goOn(Snapshot snapshot) throws IOException {
        Map<String, Object> saved = snapshot.state();
        next = Math.toIntExact((Long) saved.get("stage"));
        stepsDone = (Long) saved.get("step");
        try (Safetensors arrays = snapshot.arrays()) {
            state.load(arrays);
        }
        for (String reason : snapshot.passedOver()) surroundings.progress().note("passed over a checkpoint: " + reason);
        surroundings
                .progress()
                .note("going on with seed " + seed + " at stage " + (next + 1) + " of "
                        + program.stages().size());
    }

    private boolean anyCheckpoint() throws IOException {
        if (!Files.isDirectory(folder.checkpoint(seed))) return false;
        try (Stream<Path> all = Files.list(folder.checkpoint(seed))) {
            return all.findAny().isPresent();
        }
    }

    private void fromCache() throws IOException {
        Optional<StepCache.Entry> entry = cache.longest(program.stages());
        if (entry.isEmpty()) return;
        try (Safetensors arrays = entry.get().snapshot().arrays()) {
            state.load(arrays);
        } catch (NoSuchFileException e) {
            return; // another process has just dropped it
        }
        next = entry.get().stages();
        metrics.replay(entry.get());
        surroundings.progress().note("took " + next + " stage" + (next == 1 ? "" : "s") + " from the cache");
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
            boolean worthwhile = System.nanoTime() - start > Math.max(WORTH_SAVING, checkpointTook);
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
        keep(state.modelOnly());
    }

    /** The same for a network that is streamed: its weights go to a folder of their own. */
    void keepModel(StreamedModel streamed) throws IOException {
        streamed.write(folder.weights(seed), ElementType.F32);
        keep(state.masksOnly());
    }

    private void keep(SafetensorsWriter arrays) throws IOException {
        Files.createDirectories(folder.model(seed).getParent());
        arrays.metadata("format", "espalier")
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
            case Step.Prune prune ->
                stoppable(on -> new PruningStage(program, seed, on, state, parts).run(stage, prune, metrics));
            case Step.Evaluate evaluate ->
                stoppable(on ->
                        new EvaluatingStage(on, state, parts, program.places().specs()).run(stage, evaluate, metrics));
            case Step.Repeat repeat -> throw new IllegalStateException("a loop was not unrolled");
        }
    }

    @FunctionalInterface
    private interface Work {
        void on(Surroundings surroundings) throws IOException;
    }

    /** Work of which nothing is kept before it ends: the last checkpoint, which is of before it, stays. */
    private void stoppable(Work work) throws IOException {
        Stop stop = surroundings.stop();
        try {
            work.on(new Surroundings(
                    new StoppableDevice(surroundings.device(), stop),
                    surroundings.tracker(),
                    surroundings.progress(),
                    stop));
        } catch (CancellationException e) {
            throw new Stop.Stopped();
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
        selecting.run(stage, select, this::moment, metrics::log);
        metrics.time(stage.step().name() + "/milliseconds", stage.turn(), (System.nanoTime() - start) / 1e6);
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
                surroundings, state, parts, kind, seed, stage, metrics::log, folder.adapter(seed, stage.path()));
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
        metrics.time(stage.step().name() + "/milliseconds-per-step", stage.turn(), training.millisecondsPerStep());
        if (stage.step() instanceof Step.Recover) {
            metrics.time(
                    stage.step().name() + "/typical-milliseconds-per-step",
                    stage.turn(),
                    training.typicalMilliseconds());
            metrics.time(stage.step().name() + "/measured-bytes", stage.turn(), training.measuredBytes());
        }
    }

    private boolean due() {
        double between =
                Math.max(program.experiment().checkpoint() * 1e9, WORK_PER_CHECKPOINT * (double) checkpointTook);
        return System.nanoTime() - lastCheckpoint > between;
    }

    private void checkpoint() {
        long begun = System.nanoTime();
        try {
            Map<String, Object> saved = new LinkedHashMap<>();
            saved.put("stage", (long) next);
            saved.put("step", stepsDone);
            metrics.note(saved);
            surroundings.tracker().flush();
            Snapshot.save(folder.checkpoint(seed), saved, state.arrays());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        lastCheckpoint = System.nanoTime();
        checkpointTook = lastCheckpoint - begun;
    }

    /** Results of expensive stages outside of loops are kept for other specs that begin the same way; a run does without if it must. */
    private void cacheIfShared(Stage stage) {
        if (Streaming.of(program.experiment()).isPresent()) return; // checkpoints take room enough
        if (stage.turn() != 0 || !program.stages().subList(0, next + 1).stream().allMatch(s -> s.turn() == 0)) return;
        try {
            if (!metrics.cache(cache, program.stages(), next + 1, state))
                surroundings.progress().note(stage.path() + " is not kept in the cache: there is no room for it");
        } catch (IOException e) {
            surroundings.progress().note(stage.path() + " is not kept in the cache: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        metrics.close();
    }
}
