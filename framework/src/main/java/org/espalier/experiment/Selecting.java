package org.espalier.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.espalier.data.Dataset;
import org.espalier.data.ngram.HashedNgrams;
import org.espalier.data.ngram.WordRule;
import org.espalier.data.select.KlReduction;
import org.espalier.data.select.NgramCounts;
import org.espalier.engine.Rng;
import org.espalier.models.Model;
import org.espalier.select.Candidates;
import org.espalier.select.Selection;
import org.espalier.spec.Canonical;
import org.espalier.track.DatasetInfo;
import org.espalier.track.Tracker;

/** The step {@code select}: asks a selector, notes what its answer was made from, and lets later steps use it. */
final class Selecting {
    private static final int NGRAMS = 2;
    private static final int BUCKETS = 10_000;

    private final Program program;
    private final long seed;
    private final SeedRun.Surroundings surroundings;
    private final State state;
    private final Parts parts;
    private final RunFolder folder;
    private final Tracker.Run tracked;

    Selecting(
            Program program,
            long seed,
            SeedRun.Surroundings surroundings,
            State state,
            Parts parts,
            RunFolder folder,
            Tracker.Run tracked) {
        this.program = program;
        this.seed = seed;
        this.surroundings = surroundings;
        this.state = state;
        this.parts = parts;
        this.folder = folder;
        this.tracked = tracked;
    }

    /**
     * Refuses, before anything runs, to select more examples than there are, now that they are counted.
     *
     * @throws IllegalArgumentException naming the first stage that would
     */
    static void check(List<Stage> stages, Map<String, Dataset> data) {
        for (Stage stage : stages)
            if (stage.step() instanceof Step.Select select && data.containsKey(select.from()))
                wanted(stage, select, data.get(select.from()));
    }

    private static int wanted(Stage stage, Step.Select step, Dataset from) {
        try {
            return step.wanted(from.size(), stage.turn());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(stage.path() + ": " + e.getMessage(), e);
        }
    }

    /**
     * @param keeper writes a checkpoint if it is time to; what it is given runs before that
     * @throws IllegalArgumentException naming the stage, if not so many examples were chosen as were wanted
     */
    void run(Stage stage, Step.Select step, Consumer<Runnable> keeper, TrainingStage.Log log) throws IOException {
        Chosen chosen = choose(stage, step, keeper);
        state.choose(chosen);
        use(chosen);
        int kept = chosen.selection().ids().length, all = chosen.selection().scores().length;
        log.add(step.name() + "/examples", stage.turn(), kept);
        log.add(step.name() + "/share", stage.turn(), kept / (double) all);
        chosen.selection().facts().forEach((fact, value) -> log.add(step.name() + "/" + fact, stage.turn(), value));
        surroundings.progress().note("%s: %d of %d examples of %s".formatted(stage.path(), kept, all, chosen.from()));
    }

    /** Lets later steps use a selection, and says what it is to the run's folder and its tracker. */
    void use(Chosen chosen) throws IOException {
        Dataset part = parts.get(chosen.part());
        Dataset examples = chosen.examples(part);
        parts.name(chosen.to(), examples);
        if (!Files.exists(folder.path().resolve(chosen.file() + ".json"))) chosen.write(folder, part);
        tracked.dataset(new DatasetInfo(
                examples.name(),
                examples.digest(),
                "training",
                part.name() + ": " + chosen.selection().rule(),
                examples.size()));
    }

    private Chosen choose(Stage stage, Step.Select step, Consumer<Runnable> keeper) throws IOException {
        Dataset from = parts.get(step.from());
        int keep = wanted(stage, step, from);
        Selection selection = step.by().select(pool(stage, from, keep, keeper));
        if (selection.ids().length == 0 || selection.ids().length > keep || selection.scores().length != from.size())
            throw new IllegalArgumentException(stage.path() + ": " + selection.ids().length + " of "
                    + selection.scores().length + " examples were selected, where " + keep + " of " + from.size()
                    + " were wanted");
        if (step.toward().isPresent())
            selection = compared(
                    selection, pool(stage, from, keep, keeper), step.toward().get());
        int[] candidates = state.chosen(step.from()).map(Chosen::numbers).orElse(null);
        return new Chosen(step.to(), about(stage, step, from), selection, candidates);
    }

    /** Says how much nearer to a target the chosen text is than all there is to choose from: DSIR's measure, with its defaults. */
    private static Selection compared(Selection selection, Candidates pool, String target) {
        HashedNgrams hashed = new HashedNgrams(NGRAMS, BUCKETS, WordRule.UNICODE);
        NgramCounts raw = new NgramCounts(BUCKETS),
                chosen = new NgramCounts(BUCKETS),
                wanted = new NgramCounts(BUCKETS);
        List<String> texts = pool.texts();
        for (String text : texts) raw.add(hashed.of(text));
        for (int id : selection.ids()) chosen.add(hashed.of(texts.get(id)));
        for (String text : pool.texts(pool.part(target))) wanted.add(hashed.of(text));
        return selection.with("kl-reduction", KlReduction.of(List.of(wanted), raw, chosen));
    }

    private Candidates pool(Stage stage, Dataset from, int keep, Consumer<Runnable> keeper) {
        return new Candidates(
                from,
                keep,
                Rng.of(seed, stage.path(), 0).nextLong(),
                surroundings.device(),
                new Candidates.Networks(state.model(), this::fresh, this::saved),
                new Candidates.Sources(this::part, parts.tokenizer(), parts.datasets()),
                new Candidates.Progress(state.training(), keeper));
    }

    private Model fresh(long number) {
        try {
            return program.fresh(number);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Model saved(String name) {
        Model model = fresh(seed);
        state.show(name, model);
        return model;
    }

    private Dataset part(String name) {
        try {
            return parts.get(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Object> about(Stage stage, Step.Select step, Dataset from) throws IOException {
        Map<String, Object> digests = new LinkedHashMap<>();
        digests.put(step.from(), from.digest());
        for (String other : step.by().parts())
            digests.put(other, parts.get(other).digest());
        digests.put("network", state.digest());
        for (String save : step.by().saves()) digests.put("save " + save, state.digest(save));
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("from", step.from());
        about.put("part", state.chosen(step.from()).map(Chosen::part).orElse(step.from()));
        about.put("of", from.name());
        about.put("by", Canonical.text(Canonical.resolved((Record) step)).strip());
        about.put("examples", from.size());
        about.put("seed", seed);
        about.put("stage", stage.path());
        about.put("file", "selections/seed-" + seed + "/" + step.to() + (stage.turn() == 0 ? "" : "." + stage.turn()));
        about.put("inputs", digests);
        return about;
    }
}
