package org.espalier.experiment;

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
import org.espalier.prune.Pruning;
import org.espalier.prune.PruningException;
import org.espalier.train.Adapter;
import org.espalier.train.Hook;

/** What can be known of steps before they run: that they name what is there, that their methods fit each other and the network. */
final class StepChecks {
    private final Experiment experiment;
    private final Model model;
    private final List<Stage> stages;
    private final Refusals refusals;
    private final Set<String> saved = new HashSet<>();
    private final Set<String> measured = new HashSet<>();
    private final Map<String, Long> parts = new LinkedHashMap<>();

    /** What each selection was made from. */
    private final Map<String, String> origins = new HashMap<>();

    StepChecks(Experiment experiment, Model model, List<Stage> stages, Refusals refusals) {
        this.experiment = experiment;
        this.model = model;
        this.stages = stages;
        this.refusals = refusals;
        experiment.data().forEach((name, source) -> parts.put(name, (long) source.examples()));
    }

    /** The parts that a step can name, with the number of their examples; 0 where only opening the data tells. */
    Map<String, Long> parts() {
        return parts;
    }

    /** @throws RuntimeException at the first step that can't work, as {@link Refusals} has it */
    void all() {
        for (Stage stage : stages) {
            if (Streaming.of(experiment).isPresent()) {
                Optional<String> obstacle = Streaming.obstacle(stage.step());
                if (obstacle.isPresent()) throw refusals.of(stage, obstacle.get());
            }
            switch (stage.step()) {
                case Step.Save save -> saved.add(save.to());
                case Step.Rewind rewind -> known("nothing was saved as", rewind.to(), saved, stage);
                case Step.Restore restore -> known("nothing was saved as", restore.to(), saved, stage);
                case Step.Reinit reinit -> {}
                case Step.Select select -> selects(stage, select);
                case Step.Train train -> {
                    trains(stage, train.data(), train.watch());
                    hooks(stage, train.hooks());
                    saved.addAll(train.save().keySet());
                }
                case Step.Recover recover -> {
                    trains(stage, recover.data(), recover.watch());
                    hooks(stage, recover.hooks());
                    recover.adapt().ifPresent(adapter -> adapts(stage, adapter, recover));
                }
                case Step.Prune prune -> prunes(stage, prune);
                case Step.Evaluate evaluate -> {
                    part(Optional.of(evaluate.data()), stage);
                    once(stage);
                }
                case Step.Repeat repeat -> throw new IllegalStateException("a loop was not unrolled");
            }
        }
    }

    private void prunes(Stage stage, Step.Prune prune) {
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

    private void selects(Stage stage, Step.Select select) {
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

    private void hooks(Stage stage, List<Hook> hooks) {
        try {
            for (Hook hook : hooks) hook.check(model);
        } catch (IllegalArgumentException e) {
            throw refusals.of(stage, e.getMessage());
        }
    }

    private void adapts(Stage stage, Adapter adapter, Step.Recover recover) {
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
