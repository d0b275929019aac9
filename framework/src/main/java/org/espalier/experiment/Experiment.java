package org.espalier.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.data.Source;
import org.espalier.models.Zoo;
import org.espalier.spec.Binder;
import org.espalier.spec.Bound;
import org.espalier.spec.Canonical;
import org.espalier.spec.Default;
import org.espalier.spec.Extends;
import org.espalier.spec.Node;
import org.espalier.spec.Overrides;
import org.espalier.spec.Presentation;

/**
 * One experiment: what a spec says. Most are one sentence, the sections train, select, prune, recover and evaluate; where the
 * order matters, {@code steps} says it.
 *
 * @param name letters, digits, {@code _} and {@code -}: the folder of its runs
 * @param paper where the experiment comes from
 * @param seeds one run each
 * @param data the parts of the data by name
 * @param tokenizer a vocabulary made for a language model that has none yet
 * @param model the network
 * @param steps what happens, in order
 * @param train a section instead of steps: how the network is trained before it is pruned
 * @param select likewise: which examples it recovers on
 * @param prune likewise: how it is pruned
 * @param recover likewise: how it is trained afterwards; on what was selected, unless it names data that is neither {@code train} nor
 *     what was selected from
 * @param evaluate likewise: what is measured before, between and after
 * @param report how the results are shown
 * @param checkpoint seconds between two checkpoints within one training
 */
public record Experiment(
        String name,
        @Presentation Optional<Reference> paper,
        @Default("[1]") List<Long> seeds,
        Map<String, Source> data,
        Optional<TrainedTokenizer> tokenizer,
        Zoo model,
        @Default("[]") List<Step> steps,
        Optional<Step.Train> train,
        Optional<Step.Select> select,
        Optional<Step.Prune> prune,
        Optional<Step.Recover> recover,
        @Default("[]") List<org.espalier.measure.Metric> evaluate,
        @Presentation Optional<ReportSpec> report,
        @Presentation @Default("30") double checkpoint) {
    /** Where an experiment comes from. */
    public record Reference(
            String title, int year, @Default("''") String id) {}

    public Experiment {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,99}"))
            throw new IllegalArgumentException("name must be letters, digits, _ and -, got '" + name + "'");
        if (seeds.isEmpty()) throw new IllegalArgumentException("seeds is empty: no run would be made");
        if (seeds.stream().distinct().count() < seeds.size())
            throw new IllegalArgumentException("seeds holds one seed twice: " + seeds);
        boolean sections = train.isPresent()
                || select.isPresent()
                || prune.isPresent()
                || recover.isPresent()
                || !evaluate.isEmpty();
        if (sections && !steps.isEmpty())
            throw new IllegalArgumentException(
                    "give either steps or the sections train, select, prune, recover, evaluate");
        if (!sections && steps.isEmpty()) throw new IllegalArgumentException("steps is missing: nothing would happen");
        if (!(checkpoint > 0)) throw new IllegalArgumentException("checkpoint must be positive, got " + checkpoint);
    }

    /**
     * Reads a spec file with all it extends.
     *
     * @param overrides such as {@code repeat.times=4 train.steps=2000}, or empty
     * @throws org.espalier.spec.SpecException naming file, line and column
     */
    public static Experiment read(Path file, String overrides) {
        return written(file, overrides).value();
    }

    /** The same, with the places where its parts were written, so that what the {@link Planner} refuses has a place. */
    public static Bound<Experiment> written(Path file, String overrides) {
        return written(Extends.read(file), overrides);
    }

    /** An experiment from a tree that was read before. */
    public static Experiment bind(Node tree, String overrides) {
        return written(tree, overrides).value();
    }

    /** The same, with its places. */
    public static Bound<Experiment> written(Node tree, String overrides) {
        return Binder.bound(Experiment.class, Overrides.apply(tree, overrides));
    }

    /** The steps, or the program that the sections stand for. */
    public List<Step> program() {
        if (!steps.isEmpty()) return steps;
        List<Step> program = new ArrayList<>();
        train.ifPresent(program::add);
        program.add(measured("dense"));
        select.ifPresent(program::add);
        prune.ifPresent(p -> {
            program.add(p);
            program.add(measured("pruned"));
        });
        recover.ifPresent(r -> {
            program.add(onSelection(r));
            program.add(measured("recovered"));
        });
        return program;
    }

    private Step onSelection(Step.Recover recovery) {
        boolean own = select.isEmpty()
                || !recovery.data().equals("train")
                        && !recovery.data().equals(select.get().from());
        return own ? recovery : recovery.on(select.get().to());
    }

    private Step measured(String as) {
        Step.Evaluate usual = Binder.bind(Step.Evaluate.class, org.espalier.spec.Yaml.parse("{}", "defaults"));
        return new Step.Evaluate(Optional.of(as), usual.data(), evaluate.isEmpty() ? usual.metrics() : evaluate);
    }

    /** What of the experiment makes its numbers, as text; its SHA-256 names the run. */
    public String keyText() {
        return Canonical.text(Canonical.key(this));
    }

    /** The whole experiment with every default, as a spec that can be run again. */
    public String resolved() {
        return Canonical.text(Canonical.resolved(this));
    }
}
