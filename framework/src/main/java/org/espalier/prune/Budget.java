package org.espalier.prune;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What an allocator has to share out.
 *
 * @param sites what is pruned
 * @param blocks the sites of each block of the network by their places in {@code sites}; blocks without any are left out
 * @param ratio the share to remove, of all entries or of the surviving ones; NaN where the allocator decides itself
 * @param of what the ratio counts
 * @param survey what can be looked at
 */
public record Budget(List<Site.Weight> sites, List<List<Integer>> blocks, double ratio, Of of, Survey survey) {

    /** What a ratio counts. */
    public enum Of {
        /** Of all entries: the result does not depend on earlier pruning. */
        ALL,
        /** Of the entries that survive so far. */
        REMAINING
    }

    /** The step's own scores by site, −∞ for what is pruned already. */
    public List<float[]> scores() {
        return survey.scores();
    }

    /** Entries of all sites. */
    public long size() {
        return sites.stream().mapToLong(Site.Weight::size).sum();
    }

    /** The density of one site if {@code share} is removed from it. */
    public double density(Site.Weight site, double share) {
        double before = of == Of.REMAINING ? site.kept() / (double) site.size() : 1;
        return before * (1 - share);
    }

    /** How many entries the whole network keeps if the ratio is met. */
    public long target() {
        long before =
                of == Of.REMAINING ? sites.stream().mapToLong(Site.Weight::kept).sum() : size();
        return before - Math.round(before * ratio);
    }

    /** The groups that share one density: the blocks, or every site for itself. */
    public List<List<Integer>> groups(boolean byBlock) {
        if (byBlock) return blocks;
        return java.util.stream.IntStream.range(0, sites.size())
                .mapToObj(List::of)
                .toList();
    }

    /** Entries of a group. */
    public long size(List<Integer> group) {
        return group.stream().mapToLong(i -> sites.get(i).size()).sum();
    }

    /**
     * The densities of all sites if each group of sites loses the given share, moved by one and the same amount so that
     * {@code target()} entries are kept in all, as far as a density can move within what survives.
     */
    public double[] shifted(List<List<Integer>> groups, double[] removed) {
        double[] wish = new double[sites.size()];
        for (int g = 0; g < removed.length; g++)
            for (int i : groups.get(g)) wish[i] = density(sites.get(i), removed[g]);
        double[] most =
                sites.stream().mapToDouble(s -> s.kept() / (double) s.size()).toArray();
        if (fits(wish, most)) return wish;
        double low = -2, high = 2;
        for (int turn = 0; turn < 100; turn++) {
            double middle = (low + high) / 2;
            if (kept(moved(wish, most, middle)) < target()) low = middle;
            else high = middle;
        }
        return moved(wish, most, high);
    }

    private boolean fits(double[] density, double[] most) {
        for (int i = 0; i < density.length; i++) if (!(density[i] >= 0 && density[i] <= most[i])) return false;
        return Math.abs(kept(density) - target()) <= 0.5 + 1e-9 * size();
    }

    private double kept(double[] density) {
        double kept = 0;
        for (int i = 0; i < density.length; i++)
            kept += density[i] * sites.get(i).size();
        return kept;
    }

    private static double[] moved(double[] wish, double[] most, double by) {
        double[] density = new double[wish.length];
        for (int i = 0; i < wish.length; i++) density[i] = Math.max(0, Math.min(most[i], wish[i] + by));
        return density;
    }

    /**
     * Densities that keep {@code target()} entries in all and are proportional to {@code wish}: where one would exceed 1 it
     * becomes 1 and the others share the rest.
     */
    public double[] balance(double[] wish) {
        double[] density = new double[wish.length];
        boolean[] full = new boolean[wish.length];
        while (true) {
            double open = target();
            double asked = 0;
            for (int i = 0; i < wish.length; i++) {
                if (full[i]) open -= sites.get(i).size();
                else asked += wish[i] * sites.get(i).size();
            }
            double scale = asked == 0 ? 0 : open / asked;
            int worst = -1;
            for (int i = 0; i < wish.length; i++) {
                density[i] = full[i] ? 1 : scale * wish[i];
                if (!full[i] && density[i] > 1 && (worst < 0 || density[i] > density[worst])) worst = i;
            }
            if (worst < 0) return density;
            full[worst] = true;
        }
    }

    /** The same with a wish for each site that follows from the shape of its weight. */
    public double[] balance(ToDoubleFunction<long[]> wish) {
        return balance(sites.stream()
                .mapToDouble(site -> wish.applyAsDouble(site.parameter().shape()))
                .toArray());
    }
}
