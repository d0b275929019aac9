package org.espalier.experiment;

import java.util.Optional;
import java.util.function.LongConsumer;
import org.espalier.data.Dataset;
import org.espalier.train.Course;
import org.espalier.train.Trainer;

/** One training within a run: the trainer's loop with its curves and its early-stop point. */
final class TrainingStage {
    /** How often a curve without a watch gets a point. */
    private static final long EVERY = 100;

    /** Where numbers go. */
    @FunctionalInterface
    interface Log {
        void add(String name, long step, double value);
    }

    private final SeedRun.Surroundings surroundings;
    private final State state;
    private final Course course;
    private final Stage stage;
    private final Optional<Watching> watching;
    private final Log log;
    private final Trainer trainer;
    private final float[] running;
    private long started;
    private long from;
    private double millisecondsPerStep = Double.NaN;

    TrainingStage(
            SeedRun.Surroundings surroundings,
            State state,
            Dataset data,
            Course course,
            long seed,
            Stage stage,
            Optional<Watching> watching,
            Log log) {
        this.surroundings = surroundings;
        this.state = state;
        this.course = course;
        this.stage = stage;
        this.watching = watching;
        this.log = log;
        this.trainer =
                new Trainer(surroundings.device(), state.model(), data, course, seed, stage.path(), state.training());
        this.running = state.training().array("running-loss", 2);
    }

    /**
     * @param done updates made before
     * @param afterStep called after each update's bookkeeping: the moment for checkpoints
     */
    void run(long done, LongConsumer afterStep) {
        started = System.nanoTime();
        from = done;
        long every = watching.map(w -> w.watch().every()).orElse(EVERY);
        trainer.train(done, (step, loss) -> {
            running[0] += loss;
            running[1]++;
            if (step % every == 0 || step == course.steps()) point(step);
            afterStep.accept(step);
            return true;
        });
        millisecondsPerStep = (System.nanoTime() - started) / 1e6 / Math.max(1, course.steps() - from);
        watching.ifPresent(w -> w.judge(log));
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
        surroundings.progress().step(step, course.steps(), mean);
    }

    /** Wall-clock time per update since this process began the stage, without the time for measuring. */
    double millisecondsPerStep() {
        return millisecondsPerStep;
    }
}
