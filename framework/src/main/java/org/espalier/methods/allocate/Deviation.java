package org.espalier.methods.allocate;

import org.espalier.engine.Mask;
import org.espalier.engine.Parameter;
import org.espalier.prune.Allocator;
import org.espalier.prune.Budget;
import org.espalier.prune.PruningException;
import org.espalier.spec.Paper;

/**
 * Each layer's threshold is {@code quality} times the standard deviation of its surviving weights, as in Han et al.
 * (2015), section 3; what lies below goes.
 */
@Paper(
        title = "Learning both Weights and Connections for Efficient Neural Networks",
        year = 2015,
        id = "1506.02626",
        tags = {"unstructured", "data-free"})
public record Deviation(double quality) implements Allocator {
    public Deviation {
        if (!(quality > 0)) throw new IllegalArgumentException("quality must be positive, got " + quality);
    }

    @Override
    public boolean needsRatio() {
        return false;
    }

    @Override
    public double[] allocate(Budget budget) {
        return budget.sites().stream()
                .mapToDouble(site -> density(site.parameter()))
                .toArray();
    }

    private double density(Parameter weight) {
        float[] value = weight.passing();
        Mask mask = weight.survivors();
        int n = 0;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < value.length; i++) {
            if (mask != null && !mask.keeps(i)) continue;
            n++;
            sum += value[i];
            squares += (double) value[i] * value[i];
        }
        if (n == 0) throw new PruningException(weight.name() + " has no weights left");
        double threshold = quality * Math.sqrt(Math.max(0, squares / n - sum / n * (sum / n)));
        int kept = 0;
        for (int i = 0; i < value.length; i++)
            if ((mask == null || mask.keeps(i)) && Math.abs(value[i]) >= threshold) kept++;
        return kept / (double) value.length;
    }
}
