package org.espalier.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.espalier.data.Dataset;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.espalier.models.zoo.From;
import org.espalier.prune.Pruning;
import org.espalier.prune.PruningException;
import org.espalier.spec.Bound;
import org.espalier.spec.Marks;
import org.espalier.train.Adapter;
import org.espalier.train.Hook;

/** Turns an experiment into stages, and refuses what can't work before anything runs. It opens no data. */
public final class Planner {
    /** Specs that start from specs that start from specs: enough for anybody, and an end to circles. */
    private static final int LONGEST_CHAIN = 8;

    private final Experiment experiment;
    private final Refusals refusals;
    private final List<Stage> stages = new ArrayList<>();
    private final Set<String> saved = new HashSet<>();
    private final Set<String> measured = new HashSet<>();

    /** The parts that a step can name, with the number of their examples; 0 where only opening the data tells. */
    private final Map<String, Long> parts = new LinkedHashMap<>();

    /** What each selection was made from. */
    private final Map<String, String> origins = new HashMap<>();

    private Planner(Bound<Experiment> written) {
        this.experiment = written.value();
        this.refusals = new Refusals(written);
        experiment.data().forEach((name, source) -> parts.put(name, (long) source.examples()));
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
        planner.check(model);
        Key key = Key.of(experiment);
        Optional<String> weights = planner.files(zoo, places);
        if (weights.isPresent()) key = key.then(weights.get());
        if (origin.isPresent()) key = key.then(origin.get().key().digest());
        Program.Cost cost = new Price(experiment, model, planner.parts).of(planner.stages);
        return new Program(experiment, key, List.copyOf(planner.stages), cost, origin, places);
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
                stages.add(new Stage(step, path, turn));
            }
        }
    }

    private void check(Model model) {
        for (Stage stage : stages) {
            switch (stage.step()) {
                case Step.Save save -> saved.add(save.to());
                case Step.Rewind rewind -> known("nothing was saved as", rewind.to(), saved, stage);
                case Step.Restore restore -> known("nothing was saved as", restore.to(), saved, stage);
                case Step.Reinit reinit -> {}
                case Step.Select select -> selects(stage, select, model);
                case Step.Train train -> {
                    trains(stage, train.data(), train.watch());
                    hooks(stage, train.hooks(), model);
                    saved.addAll(train.save().keySet());
                }
                case Step.Recover recover -> {
                    trains(stage, recover.data(), recover.watch());
                    hooks(stage, recover.hooks(), model);
                    recover.adapt().ifPresent(adapter -> adapts(stage, adapter, recover, model));
                }
                case Step.Prune prune -> {
                    part(prune.calibrate().map(Step.Prune.Calibrate::data), stage);
                    if (!prune.recipe().needs().isEmpty() && prune.calibrate().isEmpty())
                        throw refusals.of(
                                stage,
                                "it needs " + prune.recipe().needs()
                                        + " on calibration data: say which by calibrate: { data: train, samples: 100 }");
                    try {
                        new Pruning(null, model, prune.recipe(), 0, stage.path()).check();
                    } catch (PruningException | IllegalArgumentException e) {
                        throw refusals.of(stage, e.getMessage());
                    }
                    once(stage);
                }
                case Step.Evaluate evaluate -> {
                    part(Optional.of(evaluate.data()), stage);
                    once(stage);
                }
                case Step.Repeat repeat -> throw new IllegalStateException("a loop was not unrolled");
            }
        }
    }

    private void selects(Stage stage, Step.Select select, Model model) {
        part(Optional.of(select.from()), stage);
        for (String part : select.by().parts()) part(Optional.of(part), stage);
        part(select.toward(), stage);
        for (String save : select.by().saves()) known("nothing was saved as", save, saved, stage);
        if (experiment.data().containsKey(select.to()))
            throw refusals.of(
                    stage, "data has a part " + select.to() + " already; what is selected needs a name of its own");
        long there = parts.get(select.from());
        try {
            select.by().check(model, form(select.from()));
            parts.put(select.to(), there == 0 ? 0L : select.wanted((int) there, stage.turn()));
        } catch (IllegalArgumentException e) {
            throw refusals.of(stage, e.getMessage());
        }
        origins.put(select.to(), select.from());
        if (!measured.add("selection " + select.to() + "." + stage.turn()))
            throw refusals.of(
                    stage, "two selections are called " + select.to() + " in one turn; give one another name by `to`");
        once(stage);
    }

    /** The form of a part's examples; a selection has that of what it was made from. */
    private Dataset.Shape form(String part) {
        String origin = part;
        while (!experiment.data().containsKey(origin)) origin = origins.get(origin);
        return experiment.data().get(origin).form();
    }

    private void trains(Stage stage, String data, Optional<Watch> watch) {
        part(Optional.of(data), stage);
        part(watch.map(Watch::data), stage);
        part(watch.flatMap(Watch::judge), stage);
        once(stage);
    }

    private void hooks(Stage stage, List<Hook> hooks, Model model) {
        try {
            for (Hook hook : hooks) hook.check(model);
        } catch (IllegalArgumentException e) {
            throw refusals.of(stage, e.getMessage());
        }
    }

    private void adapts(Stage stage, Adapter adapter, Step.Recover recover, Model model) {
        boolean pruned =
                stages.subList(0, stages.indexOf(stage)).stream().anyMatch(s -> s.step() instanceof Step.Prune);
        if (pruned && recover.zeros() == Step.Recover.Zeros.KEEP && !adapter.keepsZeros())
            throw refusals.of(
                    stage,
                    adapter
                            + " fills pruned weights when it is merged; say `zeros: fill` if the network may be dense afterwards,"
                            + " or take an adapter that keeps zeros, such as lors");
        try {
            adapter.check(model);
            adapter.check(recover.course());
        } catch (IllegalArgumentException e) {
            throw refusals.of(stage, e.getMessage());
        }
    }

    /** Two steps that share a name in one turn would overwrite each other's metrics. */
    private void once(Stage stage) {
        if (!measured.add(stage.curve()))
            throw refusals.of(
                    stage,
                    "two steps are called " + stage.step().name()
                            + " in one turn, so their metrics would mix; name one of them by `as`");
    }

    private void part(Optional<String> name, Stage stage) {
        name.ifPresent(part -> known("data has no part", part, parts.keySet(), stage));
    }

    private void known(String what, String name, Collection<String> names, Stage stage) {
        if (!names.contains(name))
            throw refusals.of(
                    stage,
                    what + " " + name + "; there " + (names.size() == 1 ? "is " : "are ")
                            + (names.isEmpty() ? "none" : String.join(", ", names)));
    }
}
