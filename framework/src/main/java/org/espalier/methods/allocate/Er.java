package org.espalier.methods.allocate;

import org.espalier.prune.Allocator;
import org.espalier.prune.Budget;
import org.espalier.spec.Paper;

/** Erdős–Rényi: density ∝ (inputs + outputs) / (inputs · outputs), kernels not counted. */
@Paper(
        title =
                "Scalable training of artificial neural networks with adaptive sparse connectivity inspired by network science",
        year = 2017,
        id = "1707.04780",
        tags = {"unstructured", "data-free"})
public record Er() implements Allocator {
    @Override
    public double[] allocate(Budget budget) {
        return budget.balance(shape -> (shape[0] + shape[1]) / (double) (shape[0] * shape[1]));
    }
}
