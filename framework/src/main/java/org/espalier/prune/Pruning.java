package org.espalier.prune;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.espalier.data.Dataset;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.launch.Device;
import org.espalier.models.Model;

/**
 * The walk: gather evidence, score, allocate, mask, apply. It is all or nothing: masks change only after every one of
 * them has been decided and checked.
 */
public final class Pruning {
    /**
     * What happened to one layer.
     *
     * @param asked entries that its density asked to keep
     */
    public record Change(String layer, int size, int keptBefore, int keptAfter, long asked) {}

    private final Device device;
    private final Model model;
    private final Recipe recipe;
    private final long seed;
    private final String path;

    /**
     * @param seed with {@code path}, decides all randomness
     * @param path where in the experiment this pruning stands
     */
    public Pruning(Device device, Model model, Recipe recipe, long seed, String path) {
        this.device = device;
        this.model = model;
        this.recipe = recipe;
        this.seed = seed;
        this.path = path;
    }

    /**
     * Prunes the model.
     *
     * @param calibration what evidence is gathered on; null if none is needed
     * @throws PruningException if a layer to skip does not exist, a score is not a number, or what would be kept is not what was asked for
     */
    public List<Change> prune(Calibration calibration) {
        List<Site.Weight> sites = sites();
        Gathered evidence = new Gathered();
        for (Statistic statistic : recipe.needs()) {
            if (calibration == null)
                throw new PruningException(
                        "this pruning needs " + statistic + " on calibration data, and no `calibrate` says which");
            evidence.statistics.put(statistic, gather(statistic, calibration));
        }
        List<float[]> scores = scores(recipe.score(), sites, evidence);
        Budget budget = new Budget(
                sites, recipe.ratio().orElse(Double.NaN), recipe.of(), scores, other -> scores(other, sites, evidence));
        double[] densities = recipe.allocate().allocate(budget);
        List<boolean[]> masks = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            Parameter weight = sites.get(i).parameter();
            boolean[] mask = recipe.pattern().mask(scores.get(i), weight.rows(), weight.columns(), densities[i]);
            masks.add(mask);
            changes.add(checked(sites.get(i), mask, densities[i]));
        }
        refuseNothing(changes);
        for (int i = 0; i < sites.size(); i++) sites.get(i).parameter().mask(floats(masks.get(i)));
        return changes;
    }

    /** The weights this recipe prunes. */
    public List<Site.Weight> sites() {
        List<Site.Weight> all = model.weights().stream().map(Site.Weight::new).toList();
        for (String name : recipe.skip())
            if (all.stream().noneMatch(s -> s.name().equals(name)))
                throw new PruningException("no layer is called " + name + "; there are "
                        + String.join(", ", all.stream().map(Site.Weight::name).toList()));
        List<Site.Weight> sites =
                all.stream().filter(s -> !recipe.skip().contains(s.name())).toList();
        if (sites.isEmpty()) throw new PruningException("every layer is skipped, so there is nothing to prune");
        return sites;
    }

    private List<float[]> scores(Scorer scorer, List<Site.Weight> sites, Evidence evidence) {
        List<float[]> scores = new ArrayList<>();
        for (Site.Weight site : sites) {
            float[] score = scorer.score(site, evidence);
            float[] mask = site.parameter().mask();
            for (int i = 0; i < score.length; i++) {
                if (!Float.isFinite(score[i]))
                    throw new PruningException("the score of entry " + i + " of " + site.name() + " is " + score[i]);
                if (mask != null && mask[i] == 0f) score[i] = Float.NEGATIVE_INFINITY;
            }
            scores.add(score);
        }
        return scores;
    }

    private Change checked(Site.Weight site, boolean[] mask, double density) {
        if (!(density >= 0 && density <= 1 + 1e-9))
            throw new PruningException(site.name() + " was given the density " + density);
        float[] before = site.parameter().mask();
        int kept = 0;
        for (int i = 0; i < mask.length; i++) {
            if (!mask[i]) continue;
            kept++;
            if (before != null && before[i] == 0f)
                throw new PruningException(
                        site.name() + " keeps more than survives: entry " + i + " was pruned before");
        }
        long asked = Math.round(density * mask.length);
        return new Change(site.name(), mask.length, site.kept(), kept, asked);
    }

    private void refuseNothing(List<Change> changes) {
        boolean asked = recipe.ratio().isPresent() && recipe.ratio().get() > 0;
        boolean removed = changes.stream().anyMatch(c -> c.keptAfter() < c.keptBefore());
        if (asked && !removed)
            throw new PruningException("nothing would be removed although the ratio is "
                    + recipe.ratio().get() + "; with `of: all`, was as much removed before?");
    }

    private Map<Parameter, float[]> gather(Statistic statistic, Calibration calibration) {
        return switch (statistic) {
            case GRADIENT -> Gradients.mean(device, model, calibration, seed, path);
        };
    }

    private static float[] floats(boolean[] mask) {
        float[] floats = new float[mask.length];
        for (int i = 0; i < mask.length; i++) floats[i] = mask[i] ? 1f : 0f;
        return floats;
    }

    /**
     * Which examples evidence is gathered on.
     *
     * @param samples how many examples, drawn at random
     */
    public record Calibration(Dataset data, int samples) {}

    private final class Gathered implements Evidence {
        private final Map<Statistic, Map<Parameter, float[]>> statistics = new EnumMap<>(Statistic.class);
        private final Map<String, Integer> draws = new HashMap<>();

        @Override
        public float[] of(Site.Weight site, Statistic statistic) {
            Map<Parameter, float[]> gathered = statistics.get(statistic);
            if (gathered == null)
                throw new IllegalStateException("a method uses " + statistic + " without declaring that it needs it");
            return gathered.get(site.parameter());
        }

        @Override
        public RandomGenerator random(Site site) {
            return Rng.of(seed, path + "/" + site.name(), draws.merge(site.name(), 1, Integer::sum));
        }
    }
}
