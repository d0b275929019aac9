package org.espalier.methods.allocate;

import java.util.stream.LongStream;
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
        return budget.balance(shape ->
                LongStream.of(shape).sum() / (double) LongStream.of(shape).reduce(1, (a, b) -> a * b));
    }
}
