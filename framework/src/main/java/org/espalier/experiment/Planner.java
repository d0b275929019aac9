package org.espalier.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.espalier.data.Dataset;
import org.espalier.launch.Device;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.espalier.models.zoo.From;
import org.espalier.spec.Bound;
import org.espalier.spec.Marks;

/** Turns an experiment into stages, and refuses what can't work before anything runs. It opens no data. */
public final class Planner {
    /** Specs that start from specs that start from specs: enough for anybody, and an end to circles. */
    private static final int LONGEST_CHAIN = 8;

    private static final int MOST_STAGES = 10_000;

    private final Experiment experiment;
    private final Refusals refusals;
    private final List<Stage> stages = new ArrayList<>();

    private Planner(Bound<Experiment> written) {
        this.experiment = written.value();
        this.refusals = new Refusals(written);
    }

    /**
     * Plans an experiment that no spec was read for, and those it starts from.
     *
     * @param places where the specs and files it names are looked for
     * @throws IllegalArgumentException saying which step can't work, and why
     */
    public static Program plan(Experiment experiment, Zoo.Places places) {
        return plan(new Bound<>(experiment, Marks.none()), places);
    }

    /**
     * Plans what a spec says, and those it starts from.
     *
     * @param places where the specs and files it names are looked for
     * @throws org.espalier.spec.SpecException saying which step can't work, and why, with its file, line and column
     */
    public static Program plan(Bound<Experiment> written, Zoo.Places places) {
        return plan(written, places, 0);
    }

    private static Program plan(Bound<Experiment> written, Zoo.Places places, int depth) {
        Experiment experiment = written.value();
        Planner planner = new Planner(written);
        Optional<Program> origin = experiment.model() instanceof From from
                ? Optional.of(planner.origin(from, places, depth))
                : Optional.empty();
        Dataset.Shape shape = planner.shape();
        Zoo zoo = origin.map(Program::zoo).orElse(experiment.model());
        Model model = planner.outline(zoo, places, shape);
        planner.fits(model);
        planner.unroll(experiment.program(), "", 0);
        StepChecks checks = new StepChecks(experiment, model, planner.stages, planner.refusals);
        checks.all();
        Key key = Key.of(experiment);
        Optional<String> weights = planner.files(zoo, places);
        if (weights.isPresent()) key = key.then(weights.get());
        if (origin.isPresent()) key = key.then(origin.get().key().digest());
        Program.Cost cost = new Price(experiment, model, checks.parts(), places.datasets()).of(planner.stages);
        return new Program(experiment, key, List.copyOf(planner.stages), cost, origin, places, Device.CPU);
    }

    private Program origin(From from, Zoo.Places places, int depth) {
        if (depth == LONGEST_CHAIN)
            throw refusals.of(from, "model: from: more than " + LONGEST_CHAIN + " specs start from one another");
        Path other = places.specs().resolve(from.spec());
        Zoo.Places beside = new Zoo.Places(other.toAbsolutePath().getParent(), places.datasets());
        return plan(Experiment.written(other, ""), beside, depth + 1);
    }

    private Model outline(Zoo zoo, Zoo.Places places, Dataset.Shape shape) {
        try {
            return zoo.outline(places, shape.dimensions(), shape.classes());
        } catch (IOException | IllegalArgumentException e) {
            throw refusals.of(experiment.model(), "model: " + e.getMessage());
        }
    }

    private Optional<String> files(Zoo zoo, Zoo.Places places) {
        try {
            return experiment.model() == zoo ? zoo.digest(places) : Optional.empty();
        } catch (IOException e) {
            throw refusals.of(experiment.model(), "model: " + e.getMessage());
        }
    }

    /** The form of the first part, for which the network is built. */
    private Dataset.Shape shape() {
        if (experiment.data().isEmpty()) throw refusals.of(experiment, "data is empty: name at least one part");
        return experiment.data().values().iterator().next().form();
    }

    /** All parts must be of a form that the network takes. */
    private void fits(Model model) {
        for (var part : experiment.data().entrySet()) {
            Dataset.Shape shape = part.getValue().form();
            try {
                model.takes(shape.dimensions());
            } catch (IllegalArgumentException e) {
                throw refusals.of(part.getValue(), "data: " + part.getKey() + ": " + e.getMessage());
            }
            if (shape.classes() != 0 && shape.classes() != model.classes())
                throw refusals.of(
                        part.getValue(),
                        "data: " + part.getKey() + " has " + shape.classes() + " classes, the network tells "
                                + model.classes());
        }
    }

    private void unroll(List<Step> steps, String prefix, int turn) {
        int[] numbers = new int[1];
        Set<String> names = new HashSet<>();
        for (Step step : steps) {
            String name = step.name();
            String path = prefix + (names.add(name) ? name : name + "-" + ++numbers[0]);
            if (step instanceof Step.Repeat repeat) {
                for (int t = 1; t <= repeat.times(); t++)
                    unroll(repeat.steps(), path + "." + t + "/", turn == 0 ? t : (turn - 1) * repeat.times() + t);
            } else {
                if (stages.size() == MOST_STAGES)
                    throw refusals.of(
                            step, "more than " + MOST_STAGES + " steps, each counted as often as it is repeated");
                stages.add(new Stage(step, path, turn));
            }
        }
    }
}
