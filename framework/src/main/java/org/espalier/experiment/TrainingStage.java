package org.espalier.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.espalier.data.pretrained.PeftAdapter;
import org.espalier.data.pretrained.PeftFolder;
import org.espalier.train.Adaptation;
import org.espalier.train.Adapter;
import org.espalier.train.Course;
import org.espalier.train.Hook;
import org.espalier.train.Merge;
import org.espalier.train.Trainer;
import org.espalier.train.Training;

/** One training within a run: the trainer's loop with its curves and its early-stop point. */
final class TrainingStage {
    /** How often a curve without a watch gets a point. */
    private static final long EVERY = 100;

    /** Where numbers go. */
    @FunctionalInterface
    interface Log {
        void add(String name, long step, double value);
    }

    /** What is trained, on what, and how. */
    record Kind(Course course, String data, Optional<Watch> watch, Optional<Adapter> adapt, List<Hook> hooks) {}

    private final SeedRun.Surroundings surroundings;
    private final State state;
    private final Course course;
    private final Stage stage;
    private final Optional<Watching> watching;
    private final Log log;
    private final Trainer trainer;
    private final float[] running;
    private final HeapUse heap;
    private final Path adapter;
    private long started;
    private long from;
    private double millisecondsPerStep = Double.NaN;
    private double typicalMilliseconds = Double.NaN;

    /** @param adapter the folder for what an adapter learns */
    TrainingStage(
            SeedRun.Surroundings surroundings,
            State state,
            Parts parts,
            Kind kind,
            long seed,
            Stage stage,
            Log log,
            Path adapter)
            throws IOException {
        this.surroundings = surroundings;
        this.state = state;
        this.course = kind.course();
        this.stage = stage;
        this.log = log;
        this.adapter = adapter;
        Training training = new Training(
                surroundings.device(),
                state.model(),
                parts.get(kind.data()),
                course,
                seed,
                stage.path(),
                state.training());
        this.trainer = new Trainer(training, kind.adapt(), kind.hooks());
        this.watching =
                kind.watch().map(w -> new Watching(surroundings.device(), state, trainer::trained, w, parts, stage));
        this.running = state.training().array("running-loss", 2);
        this.heap = new HeapUse(surroundings.device(), state.model());
    }

    /**
     * @param done updates made before
     * @param afterStep called after each update's bookkeeping: the moment for checkpoints
     */
    void run(long done, LongConsumer afterStep) throws IOException {
        from = done;
        long every = watching.map(w -> w.watch().every()).orElse(EVERY);
        boolean recovers = stage.step() instanceof Step.Recover;
        if (recovers) heap.before();
        started = System.nanoTime();
        StepTimes times = new StepTimes();
        trainer.train(done, (step, loss) -> {
            times.end();
            if (recovers && heap.due()) {
                long start = System.nanoTime();
                heap.during();
                started += System.nanoTime() - start; // nor is counting memory training
            }
            running[0] += loss;
            running[1]++;
            if (step % every == 0 || step == course.steps()) point(step);
            afterStep.accept(step);
            times.begin();
            return true;
        });
        typicalMilliseconds = times.middle();
        millisecondsPerStep = (System.nanoTime() - started) / 1e6 / Math.max(1, course.steps() - from);
        watching.ifPresent(w -> w.judge(log));
        if (recovers)
            trainer.memory().parts().forEach((part, bytes) -> log.add(name("bytes." + part), stage.turn(), bytes));
        trainer.findings().forEach((what, value) -> log.add(name(what), stage.turn(), value));
        if (trainer.adaptation().isPresent()) merge(trainer.adaptation().get());
    }

    private void merge(Adaptation adaptation) throws IOException {
        Optional<PeftAdapter> files = adaptation.stored();
        if (files.isPresent()) PeftFolder.write(files.get(), adapter);
        Merge merge = trainer.merge();
        log.add(name("merge.difference"), stage.turn(), merge.difference());
        log.add(name("merge.zeros-before"), stage.turn(), merge.zerosBefore());
        log.add(name("merge.zeros-after"), stage.turn(), merge.zerosAfter());
    }

    private String name(String what) {
        return stage.step().name() + "/" + what;
    }

    private void point(long step) {
        double mean = running[0] / running[1];
        running[0] = 0;
        running[1] = 0;
        log.add(stage.curve() + "/loss", step, mean);
        watching.ifPresent(w -> {
            long start = System.nanoTime();
            w.measure(step, log);
            started += System.nanoTime() - start; // measuring is not training
        });
        trainer.adaptation()
                .ifPresent(a -> new TreeMap<>(a.measured())
                        .forEach((name, value) -> log.add(stage.curve() + "/" + name, step, value)));
        surroundings.progress().step(step, course.steps(), mean);
    }

    /** Bytes that were alive in the middle of the training, the network's weights included and what other steps had left not. */
    long measuredBytes() {
        return heap.bytes();
    }

    /** What an update took: the mean of the middle half of all updates of this process. */
    double typicalMilliseconds() {
        return typicalMilliseconds;
    }

    /** Wall-clock time per update since this process began the stage, without the time for measuring. */
    double millisecondsPerStep() {
        return millisecondsPerStep;
    }
}
