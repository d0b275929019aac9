package org.espalier.prune;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.espalier.engine.Rng;

/** Looks by passes of their own over the network as it stands; a network of one block has been passed already. */
final class DenseSurvey implements Survey {
    private final Walk walk;
    private final Recipe recipe;
    private final int sites;
    private final BiFunction<Scorer, Visited, List<float[]>> scoring;
    private final java.util.function.Supplier<Probe> probe;
    private final long seed;
    private final String path;
    private final List<Visited> known;
    private final List<float[]> own;

    /** A block's sites and the evidence on them. */
    record Visited(List<Integer> sites, Evidence evidence) {}

    /**
     * @param scoring scores of a block's sites
     * @param known the only block, if there is but one; else null
     * @param own the scores of its sites; else null
     */
    DenseSurvey(
            Walk walk,
            Recipe recipe,
            int sites,
            BiFunction<Scorer, Visited, List<float[]>> scoring,
            java.util.function.Supplier<Probe> probe,
            long seed,
            String path,
            Visited known,
            List<float[]> own) {
        this.walk = walk;
        this.recipe = recipe;
        this.sites = sites;
        this.scoring = scoring;
        this.probe = probe;
        this.seed = seed;
        this.path = path;
        this.known = known == null ? null : List.of(known);
        this.own = own;
    }

    @Override
    public List<float[]> scores() {
        return own != null ? own : scores(recipe.score());
    }

    @Override
    public List<float[]> scores(Scorer by) {
        List<float[]> all = new ArrayList<>(Collections.nCopies(sites, null));
        each(by.needs(), (block, evidence) -> {
            List<float[]> scores = scoring.apply(by, new Visited(block, evidence));
            for (int i = 0; i < block.size(); i++) all.set(block.get(i), scores.get(i));
        });
        return all;
    }

    @Override
    public void evidence(Visitor visitor) {
        each(recipe.allocate().needs(), visitor);
    }

    private void each(Set<Statistic> wanted, Visitor visitor) {
        if (known != null) known.forEach(v -> visitor.block(v.sites(), v.evidence()));
        else walk.through(wanted, false, visitor);
    }

    @Override
    public List<double[]> inputProducts() {
        declared(Statistic.BLOCK_INPUTS);
        return walk.inputProducts();
    }

    @Override
    public Probe probe() {
        declared(Statistic.LOSS);
        return probe.get();
    }

    private void declared(Statistic statistic) {
        if (!recipe.allocate().needs().contains(statistic))
            throw new IllegalStateException("an allocation uses " + statistic + " without declaring that it needs it");
    }

    @Override
    public RandomGenerator random(Site site) {
        return Rng.of(seed, path + "/allocate/" + site.name(), 0);
    }
}
