package org.espalier.methods.pattern;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.prune.Budget;
import org.espalier.prune.Pattern;
import org.espalier.prune.PruningException;
import org.espalier.prune.Recipe;
import org.espalier.prune.Site;
import org.espalier.spec.Paper;

/**
 * Of every {@code of} consecutive inputs of a row, {@code keep} survive: those with the highest scores, of equal ones those with the
 * higher index. What papers on sparse hardware call 2:4 is {@code keep: 2, of: 4}.
 *
 * @param keep how many survive; absent, the density of each layer says how many, rounded up for some layers and down for others so
 *     that all together keep what was asked ("mixed n:m")
 * @param of inputs of one group
 */
@Paper(
        title = "Learning N:M Fine-grained Structured Sparse Neural Networks From Scratch",
        year = 2021,
        id = "2102.04010",
        tags = {"semi-structured"})
public record NOfM(Optional<Integer> keep, int of) implements Pattern {
    public NOfM {
        if (of < 2) throw new IllegalArgumentException("of must be at least 2, got " + of);
        if (keep.isPresent() && (keep.get() < 0 || keep.get() > of))
            throw new IllegalArgumentException("keep must lie between 0 and of, got " + keep.get() + " of " + of);
    }

    @Override
    public int span() {
        return of;
    }

    @Override
    public void check(Recipe recipe) {
        if (keep.isEmpty()) return;
        String fixed = "pattern: " + keep.get() + " of " + of;
        if (!recipe.allocate().uniform() || recipe.of() != Budget.Of.ALL)
            throw new IllegalArgumentException(
                    fixed + " leaves no layer a choice, so it needs a uniform allocation of all"
                            + " weights; leave out `keep` and each layer keeps what its density says");
        double ratio = 1 - keep.get() / (double) of;
        if (Math.abs(recipe.ratio().orElse(Double.NaN) - ratio) > 1e-9)
            throw new IllegalArgumentException(fixed + " removes " + ratio + " of the weights, the ratio says "
                    + recipe.ratio().orElse(Double.NaN));
    }

    @Override
    public void check(Site.Weight site) {
        if (site.parameter().columns() % of != 0)
            throw new PruningException(site.name() + " has " + site.parameter().columns()
                    + " inputs, which are no whole groups of " + of + "; skip it");
    }

    /** Whole numbers per group, by largest remainder: of two equal ones the earlier layer's is rounded up. */
    @Override
    public double[] realised(Budget budget, double[] wish) {
        List<Site.Weight> sites = budget.sites();
        double[] density = new double[wish.length];
        double open = 0;
        for (int i = 0; i < wish.length; i++) {
            density[i] = keep.orElse((int) Math.floor(wish[i] * of + 1e-9)) / (double) of;
            open += (wish[i] - density[i]) * sites.get(i).size();
        }
        if (keep.isPresent()) return density;
        List<Integer> order = IntStream.range(0, wish.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -Math.rint((wish[i] - density[i]) * 1e9)))
                .toList();
        for (int i : order) {
            double step = sites.get(i).size() / (double) of;
            if (wish[i] - density[i] < 1e-9 || open < step / 2) continue;
            density[i] += 1.0 / of;
            open -= step;
        }
        if (Math.abs(open) > 0.01 * budget.size())
            throw new PruningException("with whole numbers of every " + of
                    + " the layers cannot keep what was asked: they would miss it by "
                    + Math.round(1000 * Math.abs(open) / budget.size()) / 10.0 + " % of the weights");
        return density;
    }

    @Override
    public boolean[] mask(float[] score, int rows, int cols, double density) {
        if (cols % of != 0) throw new IllegalArgumentException(cols + " columns are no whole groups of " + of);
        int kept = (int) Math.round(density * of);
        boolean[] mask = new boolean[score.length];
        for (int first = 0; first < score.length; first += of)
            for (int i = first; i < first + of; i++) {
                int better = 0;
                for (int j = first; j < first + of; j++)
                    if (score[j] > score[i] || score[j] == score[i] && j > i) better++;
                mask[i] = better < kept;
            }
        return mask;
    }
}
