package org.espalier.prune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.espalier.engine.Mask;
import org.espalier.engine.Parameter;
import org.espalier.launch.Device;

/** What is done to one block after the other: nothing of a block changes before all its masks have been decided and checked. */
final class BlockPruning {
    private final Device device;
    private final Recipe recipe;
    private final List<Site.Weight> sites;
    private final Function<Site.Weight, Optional<Parameter>> bias;
    private final Pruning.Change[] changes;
    private double[] densities;
    private int applied;

    BlockPruning(
            Device device, Recipe recipe, List<Site.Weight> sites, Function<Site.Weight, Optional<Parameter>> bias) {
        this.device = device;
        this.recipe = recipe;
        this.sites = sites;
        this.bias = bias;
        this.changes = new Pruning.Change[sites.size()];
    }

    /** Says how much each site keeps. */
    void densities(double[] allocated) {
        densities = allocated;
        for (int i = 0; i < allocated.length; i++)
            if (!(allocated[i] >= 0 && allocated[i] <= 1 + 1e-9))
                throw new PruningException(sites.get(i).name() + " was given the density " + allocated[i]);
        boolean asked = recipe.ratio().isPresent() && recipe.ratio().get() > 0;
        boolean removes = false;
        for (int i = 0; i < allocated.length; i++)
            removes |= Math.round(allocated[i] * sites.get(i).size())
                    < sites.get(i).kept();
        if (asked && !removes) throw nothing();
    }

    private PruningException nothing() {
        return new PruningException("nothing would be removed although the ratio is "
                + recipe.ratio().orElse(0.0) + "; with `of: all`, was as much removed before?");
    }

    /** Scores of a block's sites, −∞ for what is pruned already. */
    List<float[]> scores(Scorer scorer, List<Integer> block, Evidence evidence) {
        float[][] scores = new float[block.size()][];
        each(block.size(), i -> scores[i] = score(scorer, sites.get(block.get(i)), evidence));
        return Arrays.asList(scores);
    }

    private float[] score(Scorer scorer, Site.Weight site, Evidence evidence) {
        float[] score = scorer.score(site, evidence);
        Mask mask = site.parameter().survivors();
        for (int i = 0; i < score.length; i++) {
            if (!Float.isFinite(score[i]))
                throw new PruningException("the score of entry " + i + " of " + site.name() + " is " + score[i]);
            if (mask != null && !mask.keeps(i)) score[i] = Float.NEGATIVE_INFINITY;
        }
        return score;
    }

    /** Masks, refines and applies a block's sites. */
    void prune(List<Integer> block, Evidence evidence, List<float[]> scores) {
        Cut[] cuts = new Cut[block.size()];
        each(cuts.length, i -> cuts[i] = cut(block.get(i), evidence, scores.get(i)));
        if (recipe.ratio().orElse(0.0) > 0 && block.size() == sites.size() && removed() == 0) throw nothing();
        each(cuts.length, i -> apply(cuts[i]));
        applied++;
    }

    private long removed() {
        return Arrays.stream(changes)
                .mapToLong(c -> c.keptBefore() - c.keptAfter())
                .sum();
    }

    private Cut cut(int place, Evidence evidence, float[] score) {
        Site.Weight site = sites.get(place);
        Parameter weight = site.parameter();
        double density = densities[place];
        boolean[] mask = recipe.pattern().mask(score, weight.rows(), weight.columns(), density);
        Cut cut = new Cut(site, bias.apply(site), recipe, evidence, score, density, mask);
        recipe.refine().forEach(cut::refine);
        changes[place] = checked(cut);
        cut.newWeights().ifPresent(w -> finite(site, "weight", w));
        cut.newBias().ifPresent(b -> finite(site, "bias", b));
        return cut;
    }

    private Pruning.Change checked(Cut cut) {
        Site.Weight site = cut.site();
        int kept = 0;
        for (int i = 0; i < cut.mask().length; i++) {
            if (!cut.mask()[i]) continue;
            kept++;
            if (cut.gone(i))
                throw new PruningException(
                        site.name() + " keeps more than survives: entry " + i + " was pruned before");
        }
        double asked = cut.density() * cut.mask().length;
        double rounding = 0.5 * cut.pieces() * recipe.pattern().groups(cut.rows(), cut.columns());
        if (recipe.pattern().exact() && Math.abs(kept - asked) > rounding + 1e-6 * cut.mask().length)
            throw new PruningException(site.name() + " would keep " + kept + " of " + cut.mask().length
                    + " entries, not the " + Math.round(asked) + " asked for");
        return new Pruning.Change(site.name(), cut.mask().length, site.kept(), kept, Math.round(asked));
    }

    private void finite(Site.Weight site, String what, float[] values) {
        for (int i = 0; i < values.length; i++)
            if (!Float.isFinite(values[i]))
                throw new PruningException(
                        "refining would make " + what + " " + i + " of " + site.name() + " " + values[i]);
    }

    /** Says before anything is changed what would be found out only when the walk has come there. */
    void refuseBadWeights() {
        each(sites.size(), i -> {
            float[] values = sites.get(i).parameter().passing();
            for (int k = 0; k < values.length; k++)
                if (!Float.isFinite(values[k]))
                    throw new PruningException(
                            "weight " + k + " of " + sites.get(i).name() + " is " + values[k]);
        });
    }

    /** Blocks that are pruned already. */
    int applied() {
        return applied;
    }

    private void apply(Cut cut) {
        Parameter weight = cut.site().parameter();
        cut.newWeights().ifPresent(w -> System.arraycopy(w, 0, weight.value(), 0, w.length));
        weight.survive(Mask.of(cut.mask()));
        cut.newBias().ifPresent(b -> cut.biasParameter().orElseThrow().load(b));
    }

    /** What has happened, once all blocks are done. */
    List<Pruning.Change> changes() {
        if (recipe.ratio().orElse(0.0) > 0 && removed() == 0) throw nothing();
        return new ArrayList<>(Arrays.asList(changes));
    }

    /** Sites are independent of each other, so threads may share them without changing a bit. */
    private void each(int count, IntConsumer work) {
        if (device == null) {
            for (int i = 0; i < count; i++) work.accept(i);
            return;
        }
        device.host(count, 1, (first, n) -> {
            for (int i = first; i < first + n; i++) work.accept(i);
        });
    }
}
