package org.espalier.methods.allocate;

import java.util.Arrays;
import org.espalier.engine.Parameter;
import org.espalier.prune.Allocator;
import org.espalier.prune.Budget;
import org.espalier.spec.Paper;

/** Erdős–Rényi with kernels: density ∝ (inputs + outputs + height + width) / (inputs · outputs · height · width). */
@Paper(
        title = "Rigging the Lottery: Making All Tickets Winners",
        year = 2019,
        id = "1911.11134",
        tags = {"unstructured", "data-free"})
public record Erk() implements Allocator {
    @Override
    public double[] allocate(Budget budget) {
        return budget.balance(budget.sites().stream()
                .mapToDouble(site -> wish(site.parameter()))
                .toArray());
    }

    private static double wish(Parameter weight) {
        long[] shape = weight.shape();
        return Arrays.stream(shape).sum() / (double) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
}
