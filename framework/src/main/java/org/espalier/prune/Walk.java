package org.espalier.prune;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.launch.Device;
import org.espalier.models.Block;
import org.espalier.models.Model;

/**
 * Passes over the blocks of a network. Each block is traced alone; its statistics live until the next one's turn, and beside them
 * only what enters the block is held for all calibration examples. Parameters that files hold are let go of with their block, so
 * that a network may be larger than memory is; statistics of gradients and losses need all of it at once.
 */
final class Walk {
    private final Device device;
    private final Model model;
    private final List<Site.Weight> sites;
    private final Pruning.Calibration calibration;
    private final Gradients gradients;
    private final long seed;
    private final String path;
    private final List<Block> blocks;
    private final List<List<Integer>> groups;

    /** @param wanted statistics; those of gradients are gathered at once */
    Walk(
            Device device,
            Model model,
            List<Site.Weight> sites,
            Pruning.Calibration calibration,
            Set<Statistic> wanted,
            long seed,
            String path) {
        this.device = device;
        this.model = model;
        this.sites = sites;
        this.calibration = calibration;
        this.seed = seed;
        this.path = path;
        this.blocks = model.blocks();
        this.groups = groups(blocks, sites);
        this.gradients = calibration == null
                ? null
                : Gradients.gather(wanted, device, model, calibration.data(), ids(calibration, seed, path));
    }

    /** How many sites there are. */
    int sites() {
        return sites.size();
    }

    /** Losses on the calibration examples. */
    Survey.Probe probe() {
        return new LossProbe(device, model, calibration.data(), ids(calibration, seed, path));
    }

    RandomGenerator random(Site site) {
        return Rng.of(seed, path + "/allocate/" + site.name(), 0);
    }

    /** The places of each block's sites; empty for a block without any. */
    static List<List<Integer>> groups(List<Block> blocks, List<Site.Weight> sites) {
        Map<Parameter, Integer> block = new IdentityHashMap<>();
        List<List<Integer>> groups = new ArrayList<>();
        for (int b = 0; b < blocks.size(); b++) {
            for (Parameter p : blocks.get(b).parameters()) block.put(p, b);
            groups.add(new ArrayList<>());
        }
        for (int s = 0; s < sites.size(); s++) {
            Integer b = block.get(sites.get(s).parameter());
            if (b == null)
                throw new PruningException(sites.get(s).name() + " belongs to no block of the network: skip it");
            groups.get(b).add(s);
        }
        return groups;
    }

    /**
     * Visits the blocks that have sites, in order.
     *
     * @param wanted what is gathered
     * @param again whether later blocks see what a block makes after the visit, rather than what it made before
     */
    void through(Set<Statistic> wanted, boolean again, Survey.Visitor visitor) {
        boolean passing = wanted.stream().anyMatch(Statistic.OF_INPUTS::contains);
        HiddenStates states = passing ? enter() : null;
        for (int b = 0; b < blocks.size(); b++) {
            List<Integer> group = groups.get(b);
            boolean last = isLast(b);
            BlockEvidence evidence = new BlockEvidence(wanted, gradients, seed, path);
            BlockPass pass = null;
            if (passing) {
                InputStatistics statistics = new InputStatistics(
                        wanted,
                        group.stream().map(s -> sites.get(s).parameter()).toList());
                pass = new BlockPass(device, blocks.get(b), states, statistics);
                boolean visited = !group.isEmpty();
                pass.run(visited, !last && !(again && visited));
                if (visited) evidence.inputs(statistics.finished(states.examples(), states.length()), states.length());
            }
            if (!group.isEmpty()) visitor.block(group, evidence);
            if (!last && passing && again && !group.isEmpty()) {
                pass.wrote();
                pass.run(false, true);
            }
            release(blocks.get(b).parameters());
            if (last) return;
        }
    }

    /** What files hold makes room for the next block. */
    private static void release(List<Parameter> parameters) {
        for (Parameter p : parameters) if (p.backed()) p.release();
    }

    /** {@link Survey#inputProducts}. */
    List<double[]> inputProducts() {
        HiddenStates states = enter();
        List<double[]> products = new ArrayList<>();
        for (int b = 0; b < blocks.size(); b++) {
            if (!groups.get(b).isEmpty()) products.add(states.products());
            if (isLast(b)) return products;
            new BlockPass(device, blocks.get(b), states, new InputStatistics(Set.of(), List.of())).run(false, true);
            release(blocks.get(b).parameters());
        }
        return products;
    }

    private boolean isLast(int b) {
        return groups.subList(b + 1, groups.size()).stream().allMatch(List::isEmpty);
    }

    private HiddenStates enter() {
        HiddenStates states = new HiddenStates(device, model, calibration.data(), ids(calibration, seed, path));
        release(model.parameters());
        return states;
    }

    /** The calibration examples of one step of one seed. */
    static int[] ids(Pruning.Calibration calibration, long seed, String path) {
        int size = calibration.data().size();
        int[] all = Rng.permutation(Rng.of(seed, path + "/calibration", 0), size);
        return java.util.Arrays.copyOf(all, Math.min(size, calibration.samples()));
    }
}
