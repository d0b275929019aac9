package org.espalier.prune;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Looks by passes of their own over the network as it stands; a network of one block has been passed already. */
final class DenseSurvey implements Survey {
    private final Walk walk;
    private final Recipe recipe;
    private final BlockPruning pruning;
    private final Optional<Seen> only;

    /** The only block of a network, when its evidence is at hand and its sites are scored. */
    record Seen(List<Integer> sites, Evidence evidence, List<float[]> scores) {}

    DenseSurvey(Walk walk, Recipe recipe, BlockPruning pruning, Optional<Seen> only) {
        this.walk = walk;
        this.recipe = recipe;
        this.pruning = pruning;
        this.only = only;
    }

    @Override
    public List<float[]> scores() {
        return only.isPresent() ? only.get().scores() : scores(recipe.score());
    }

    @Override
    public List<float[]> scores(Scorer by) {
        List<float[]> all = new ArrayList<>(Collections.nCopies(walk.sites(), null));
        each(by.needs(), (block, evidence) -> {
            List<float[]> scores = pruning.scores(by, block, evidence);
            for (int i = 0; i < block.size(); i++) all.set(block.get(i), scores.get(i));
        });
        return all;
    }

    @Override
    public void evidence(Visitor visitor) {
        each(recipe.allocate().needs(), visitor);
    }

    private void each(Set<Statistic> wanted, Visitor visitor) {
        if (only.isPresent()) visitor.block(only.get().sites(), only.get().evidence());
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
        return walk.probe();
    }

    private void declared(Statistic statistic) {
        if (!recipe.allocate().needs().contains(statistic))
            throw new IllegalStateException("an allocation uses " + statistic + " without declaring that it needs it");
    }

    @Override
    public RandomGenerator random(Site site) {
        return walk.random(site);
    }
}
