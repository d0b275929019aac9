package org.espalier.methods.allocate;

import java.util.List;
import org.espalier.prune.Allocator;
import org.espalier.prune.Budget;
import org.espalier.prune.PruningException;
import org.espalier.spec.Paper;

/**
 * The share removed from block i of L grows in equal steps, s_i = S − beta·(L − 1)/2 + beta·(i − 1);
 * all layers of a block share it. Blocks of different size are all moved by one amount, so that the whole loses S.
 *
 * @param beta the step; between 0 and min(2·S, 2·(1 − S)) / (L − 1)
 */
@Paper(
        title = "Determining Layer-wise Sparsity for Large Language Models Through a Theoretical Perspective",
        year = 2025,
        id = "2502.14770",
        tags = {"allocation", "data-free"})
public record Arithmetic(double beta) implements Allocator {
    public Arithmetic {
        if (!(beta >= 0)) throw new IllegalArgumentException("beta must not be negative, got " + beta);
    }

    @Override
    public void check(Budget budget) {
        int steps = budget.blocks().size() - 1;
        double most = Math.min(2 * budget.ratio(), 2 * (1 - budget.ratio())) / Math.max(1, steps);
        if (steps > 0 && beta > most + 1e-12)
            throw new PruningException("beta must be at most " + most + " for " + (steps + 1)
                    + " blocks and a ratio of " + budget.ratio() + ", got " + beta);
    }

    @Override
    public double[] allocate(Budget budget) {
        check(budget);
        List<List<Integer>> blocks = budget.blocks();
        double[] removed = new double[blocks.size()];
        for (int i = 0; i < removed.length; i++) removed[i] = budget.ratio() + beta * (i - (removed.length - 1) / 2.0);
        return budget.shifted(blocks, removed);
    }
}
