package org.espalier.experiment;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.espalier.data.Dataset;
import org.espalier.data.Source;
import org.espalier.engine.Parameter;
import org.espalier.models.LanguageModel;
import org.espalier.models.Model;
import org.espalier.prune.Budget;
import org.espalier.prune.Statistic;
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

    /** Examples of every part, as far as they are known or can be told from the size of a text. */
    private final Map<String, Long> parts = new HashMap<>();

    private final Map<String, Long> estimated = new TreeMap<>();
    private final Set<String> unknown = new TreeSet<>();

    /** How often each weight matrix's entries are used for one example, times their number, of all matrices. */
    private final long perExample;

    /**
     * @param known examples of every part that a step can name; 0 where only opening the data tells
     * @param datasets the folder {@code datasets} of the project
     */
    Price(Experiment experiment, Model model, Map<String, Long> known, Path datasets) {
        this.experiment = experiment;
        this.model = model;
        known.forEach((name, examples) -> parts.put(name, examples > 0 ? examples : about(name, datasets)));
        long[] work = new long[1];
        model.products((weight, positions) -> work[0] += weight.size() * positions);
        this.perExample = work[0];
    }

    private long about(String name, Path datasets) {
        Source source = experiment.data().get(name);
        long about = source == null ? 0 : source.about(datasets).orElse(0);
        if (about > 0) estimated.put(name, about);
        return about;
    }

    /** The cost of stages in their order, for all seeds. */
    Program.Cost of(List<Stage> stages) {
        double density = 1;
        double seconds = 0;
        long steps = 0;
        int batch = 1;
        for (Stage stage : stages) {
            if (stage.step() instanceof Step.Select select) select(select, stage.turn());
            seconds += seconds(stage.step(), density);
            density = after(stage.step(), density);
            Optional<Course> course = course(stage.step());
            if (course.isPresent()) {
                steps += updates(course.get());
                batch = Math.max(batch, course.get().batch());
            }
        }
        long weights = model.parameters().stream().mapToLong(Parameter::size).sum();
        boolean streamed = Streaming.of(experiment).isPresent();
        long bytes = streamed
                ? new StreamedMemory((LanguageModel) model, model.inputShape()[0], this::examples).bytes(stages)
                : 4 * (weights * copies(steps) + activations(Math.min(batch, 1024)) * 2);
        int seeds = experiment.seeds().size();
        return new Program.Cost(
                weights,
                steps * seeds,
                bytes + dataBytes(),
                seconds * seeds,
                streamed ? weights * Float.BYTES : 0,
                Map.copyOf(estimated),
                List.copyOf(unknown));
    }

    /** What a selection leaves of a part whose examples were only estimated. */
    private void select(Step.Select select, int turn) {
        if (parts.getOrDefault(select.to(), 0L) > 0) return;
        long there = examples(select.from());
        try {
            parts.put(select.to(), there == 0 ? 0L : select.wanted(Math.toIntExact(there), turn));
        } catch (IllegalArgumentException e) {
            parts.put(select.to(), there); // the estimate was too low for a number of examples
        }
    }

    /** @param density the share of the weights that is left when the step begins */
    private double seconds(Step step, double density) {
        return switch (step) {
            case Step.Select select -> density * forward(select.by().passes(examples(select.from())));
            case Step.Train train -> training(train.course(), train.watch(), density);
            case Step.Recover recover -> training(recover.course(), recover.watch(), density);
            case Step.Prune prune -> pruning(prune);
            case Step.Evaluate evaluate -> density * forward(examples(evaluate.data()));
            default -> 0;
        };
    }

    private double pruning(Step.Prune prune) {
        int samples = prune.calibrate().map(Step.Prune.Calibrate::samples).orElse(0);
        double passes = PASSES;
        if (prune.recipe().needs().contains(Statistic.LOSS))
            passes += model.weights().size(); // twice for each, through what follows it: half of the network
        return passes * forward(samples);
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
        long examples = parts.get(part);
        if (examples == 0) unknown.add(part);
        return examples;
    }

    private long dataBytes() {
        long bytes = 0;
        for (var part : experiment.data().entrySet()) {
            Dataset.Shape form = part.getValue().form();
            long each = form.classes() == 0 ? Integer.BYTES : Byte.BYTES; // tokens, or what images are stored as
            bytes += each * parts.get(part.getKey()) * form.features();
        }
        return bytes;
    }
}
