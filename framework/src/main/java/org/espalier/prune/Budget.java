package org.espalier.prune;

import java.util.List;
import java.util.function.Function;

/**
 * What an allocator has to share out.
 *
 * @param sites what is pruned
 * @param ratio the share to remove, of all entries or of the surviving ones; NaN where the allocator decides itself
 * @param of what the ratio counts
 * @param scores the step's own scores by site, −∞ for what is pruned already
 * @param scoresBy scores by another method
 */
public record Budget(
        List<Site.Weight> sites, double ratio, Of of, List<float[]> scores, Function<Scorer, List<float[]>> scoresBy) {

    /** What a ratio counts. */
    public enum Of {
        /** Of all entries: the result does not depend on earlier pruning. */
        ALL,
        /** Of the entries that survive so far. */
        REMAINING
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
}
