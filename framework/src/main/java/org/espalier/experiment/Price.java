package org.espalier.experiment;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.data.Source;
import org.espalier.engine.Parameter;
import org.espalier.models.Model;
import org.espalier.prune.Budget;
import org.espalier.train.Course;

/** What the stages of an experiment will take, from the network's products and the sizes of the data's parts. */
final class Price {
    /** Multiplications and additions per second that two cores reach in training small networks. */
    private static final double RATE = 1e11;

    /** Passes over the calibration examples that one-shot pruning takes, about. */
    private static final int PASSES = 3;

    /** What a step costs however small the network is. */
    private static final double SECONDS_PER_STEP = 40e-6;

    private final Experiment experiment;
    private final Model model;
    private final Map<String, Long> parts;

    /** How often each weight matrix's entries are used for one example, times their number, of all matrices. */
    private final long perExample;

    /** @param parts examples of every part that a step can name; 0 where only opening the data tells */
    Price(Experiment experiment, Model model, Map<String, Long> parts) {
        this.experiment = experiment;
        this.model = model;
        this.parts = parts;
        long[] work = new long[1];
        model.products((weight, positions) -> work[0] += weight.size() * positions);
        this.perExample = work[0];
    }

    /** The cost of stages in their order, for all seeds. */
    Program.Cost of(List<Stage> stages) {
        double density = 1;
        double seconds = 0;
        long steps = 0;
        int batch = 1;
        for (Stage stage : stages) {
            seconds += seconds(stage.step(), density);
            density = after(stage.step(), density);
            Optional<Course> course = course(stage.step());
            if (course.isPresent()) {
                steps += updates(course.get());
                batch = Math.max(batch, course.get().batch());
            }
        }
        long weights = model.parameters().stream().mapToLong(Parameter::size).sum();
        long bytes = 4 * (weights * copies(steps) + activations(Math.min(batch, 1024)) * 2) + dataBytes();
        int seeds = experiment.seeds().size();
        return new Program.Cost(weights, steps * seeds, bytes, seconds * seeds);
    }

    /** @param density the share of the weights that is left when the step begins */
    private double seconds(Step step, double density) {
        return switch (step) {
            case Step.Select select -> density * forward(select.by().passes(examples(select.from())));
            case Step.Train train -> training(train.course(), train.watch(), density);
            case Step.Recover recover -> training(recover.course(), recover.watch(), density);
            case Step.Prune prune ->
                PASSES
                        * forward(prune.calibrate()
                                .map(Step.Prune.Calibrate::samples)
                                .orElse(0));
            case Step.Evaluate evaluate -> density * forward(examples(evaluate.data()));
            default -> 0;
        };
    }

    private double forward(double examples) {
        return 2.0 * perExample * examples / RATE;
    }

    private double training(Course course, Optional<Watch> watch, double density) {
        long steps = updates(course);
        double work = 6.0 * course.batch() * perExample * steps;
        if (watch.isPresent())
            work += 2.0
                    * perExample
                    * examples(watch.get().data())
                    * (steps / (double) watch.get().every());
        return work * density / RATE + steps * SECONDS_PER_STEP;
    }

    private static Optional<Course> course(Step step) {
        return switch (step) {
            case Step.Train train -> Optional.of(train.course());
            case Step.Recover recover -> Optional.of(recover.course());
            default -> Optional.empty();
        };
    }

    private static long updates(Course course) {
        return course.steps() - course.start();
    }

    /** The share of the weights that a step leaves. */
    private static double after(Step step, double density) {
        return switch (step) {
            case Step.Prune prune -> {
                double ratio = prune.recipe().ratio().orElse(0.0);
                yield (prune.recipe().of() == Budget.Of.REMAINING ? density : 1) * (1 - ratio);
            }
            case Step.Restore restore -> 1;
            default -> density;
        };
    }

    /** What is held of every parameter: value, gradient, two moments, mask and best weights in training; else value, mask and one save. */
    private static int copies(long steps) {
        return steps > 0 ? 6 : 3;
    }

    private long activations(int batch) {
        long[] size = new long[1];
        model.products((weight, positions) -> size[0] += 2L * weight.rows() * positions);
        return size[0] * batch;
    }

    private long examples(String part) {
        return parts.get(part);
    }

    private long dataBytes() {
        long bytes = 0;
        for (Source source : experiment.data().values())
            bytes += (long) source.examples() * source.form().features();
        return bytes;
    }
}
