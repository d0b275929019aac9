package org.espalier.train;

import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Dense;
import org.espalier.engine.ops.Thin;
import org.espalier.launch.Blas;

/**
 * Two thin factors beside a weight W (out, in): A (rank, in) and B (out, rank). They survive a kill.
 *
 * @param weight W
 */
public record LowRank(Parameter weight, Parameter a, Parameter b) {
    /**
     * Puts factors beside a weight.
     *
     * @param startA writes the first values of A, {@code startB} those of B
     */
    public static LowRank beside(
            Training training, Parameter weight, int rank, Consumer<float[]> startA, Consumer<float[]> startB) {
        Span ranks = Span.of(Axis.of(Targets.layer(weight) + ".rank", rank));
        Parameter a = Parameter.weight(Targets.layer(weight) + ".lora_A", ranks, weight.columnSpan());
        Parameter b = Parameter.weight(Targets.layer(weight) + ".lora_B", weight.rowSpan(), ranks);
        return new LowRank(weight, training.trained(a, startA), training.trained(b, startB));
    }

    public int rank() {
        return a.rows();
    }

    public List<Parameter> parameters() {
        return List.of(a, b);
    }

    /** x·Aᵀ (n, rank). */
    public Tensor narrow(Graph g, Tensor x) {
        return Dense.product(g, x, a);
    }

    /** x·Wᵀ + factor·(x·Aᵀ)·Bᵀ, without the matrix B·A. */
    public Tensor forward(Graph g, Tensor x, float factor) {
        Tensor y = Dense.product(g, x, weight);
        return Thin.add(g, y, Thin.scale(g, narrow(g, x), factor), b);
    }

    /** W += factor · B · A. Nothing is pruned any more afterwards. */
    public void merge(double factor) {
        weight.survive(null);
        addTo(weight.value(), factor);
        weight.wrote();
    }

    /** Adds factor · B · A to a matrix (out, in). */
    public void addTo(float[] matrix, double factor) {
        float[] scaled = b.value().clone();
        for (int i = 0; i < scaled.length; i++) scaled[i] *= (float) factor;
        int out = weight.rows(), in = weight.columns(), rank = rank();
        Blas.product(false, false, out, in, rank, scaled, 0, rank, a.value(), 0, in, 1f, matrix, 0, in);
    }

    /** Uniform within ±1 / √columns: what PyTorch begins layers with. */
    public static Consumer<float[]> kaiming(RandomGenerator random, int columns) {
        double limit = 1 / Math.sqrt(columns);
        return values -> {
            for (int i = 0; i < values.length; i++) values[i] = (float) ((2 * random.nextDouble() - 1) * limit);
        };
    }

    /** Normal with this deviation. */
    public static Consumer<float[]> normal(RandomGenerator random, double deviation) {
        return values -> {
            for (int i = 0; i < values.length; i++) values[i] = (float) (Rng.gaussian(random) * deviation);
        };
    }
}
