package org.espalier.prune;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.espalier.data.Dataset;
import org.espalier.engine.Parameter;
import org.espalier.launch.Device;
import org.espalier.models.Model;

/**
 * The walk, once for every one-shot method: for each block of the network gather evidence, score, take the densities, mask, refine,
 * apply, and lead what the pruned block makes into the next one.
 *
 * <p>A network of one block is pruned all or nothing: it changes only after everything has been decided and checked. A network of
 * many blocks is pruned block by block, and no copy is held of what was there before: if a later block fails, the blocks before it
 * stay pruned and the model has to be loaded again. The exception says so.
 */
public final class Pruning {
    /**
     * What happened to one layer.
     *
     * @param asked entries that its density asked to keep
     */
    public record Change(String layer, int size, int keptBefore, int keptAfter, long asked) {}

    /** What later blocks see of the earlier ones when their evidence is gathered. */
    public enum Order {
        /** What is left of them. */
        SEQUENTIAL,
        /** What they were before. */
        DENSE
    }

    /**
     * Which examples evidence is gathered on.
     *
     * @param samples how many examples, drawn at random
     */
    public record Calibration(Dataset data, int samples, Order walk) {
        public Calibration(Dataset data, int samples) {
            this(data, samples, Order.SEQUENTIAL);
        }
    }

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
     * Asks everything that can be asked before data is at hand: do the methods fit together, and do they fit this network?
     *
     * @throws IllegalArgumentException if methods do not fit each other
     * @throws PruningException if they do not fit the network
     */
    public void check() {
        recipe.check();
        List<Site.Weight> sites = sites();
        Budget budget = budget(sites, null);
        recipe.allocate().check(budget);
        boolean inputs = recipe.needs().stream().anyMatch(Statistic.OF_INPUTS::contains);
        for (Site.Weight site : sites) {
            recipe.pattern().check(site);
            if (inputs && site.parameter().shape().length > 2)
                throw new PruningException(site.name() + " is a convolution, and " + recipe.needs()
                        + " is not gathered for convolutions; skip it, or use a score of weights or gradients");
            if (bias(site).isEmpty() && recipe.refine().stream().anyMatch(Refiner::needsBias))
                throw new PruningException(
                        site.name() + " has no bias, so there is nothing to put a compensation into");
        }
    }

    /**
     * Prunes the model.
     *
     * @param calibration what evidence is gathered on; null if none is needed
     * @throws PruningException if a layer to skip does not exist, a score is not a number, or what would be kept is not what was asked for
     */
    public List<Change> prune(Calibration calibration) {
        check();
        Set<Statistic> needs = recipe.needs();
        if (calibration == null && !needs.isEmpty())
            throw new PruningException("this pruning needs " + needs.iterator().next()
                    + " on calibration data, and no `calibrate` says which");
        List<Site.Weight> sites = sites();
        Walk walk = new Walk(device, model, sites, calibration, needs, seed, path);
        BlockPruning pruning = new BlockPruning(device, recipe, sites, this::bias);
        boolean again = calibration != null && calibration.walk() == Order.SEQUENTIAL;
        if (budget(sites, null).blocks().size() == 1) walk.through(needs, false, only(walk, pruning, sites));
        else {
            pruning.refuseBadWeights();
            Survey survey = new DenseSurvey(walk, recipe, pruning, Optional.empty());
            pruning.densities(densities(budget(sites, survey)));
            try {
                walk.through(
                        needs,
                        again,
                        (block, evidence) ->
                                pruning.prune(block, evidence, pruning.scores(recipe.score(), block, evidence)));
            } catch (CancellationException e) {
                throw e; // nobody goes on with the model
            } catch (RuntimeException e) {
                throw halfway(e, pruning.applied());
            }
        }
        return pruning.changes();
    }

    private static RuntimeException halfway(RuntimeException e, int blocks) {
        if (blocks == 0) return e;
        String pruned = blocks == 1 ? "1 block is" : blocks + " blocks are";
        return new PruningException(
                e.getMessage() + "; " + pruned + " pruned already, so the model has to be loaded again", e);
    }

    /** What happens to the only block: one pass serves the allocation, too. */
    private Survey.Visitor only(Walk walk, BlockPruning pruning, List<Site.Weight> sites) {
        return (block, evidence) -> {
            List<float[]> scores = pruning.scores(recipe.score(), block, evidence);
            DenseSurvey.Seen seen = new DenseSurvey.Seen(block, evidence, scores);
            Survey survey = new DenseSurvey(walk, recipe, pruning, Optional.of(seen));
            pruning.densities(densities(budget(sites, survey)));
            pruning.prune(block, evidence, scores);
        };
    }

    private double[] densities(Budget budget) {
        return recipe.pattern().realised(budget, recipe.allocate().allocate(budget));
    }

    private Budget budget(List<Site.Weight> sites, Survey survey) {
        List<List<Integer>> blocks = Walk.groups(model.blocks(), sites).stream()
                .filter(g -> !g.isEmpty())
                .toList();
        return new Budget(sites, blocks, recipe.ratio().orElse(Double.NaN), recipe.of(), survey);
    }

    private Optional<Parameter> bias(Site.Weight site) {
        return model.parameters().stream()
                .filter(p -> p.name().equals(site.name() + ".bias"))
                .findFirst();
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
}
