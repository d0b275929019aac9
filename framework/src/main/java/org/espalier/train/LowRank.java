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
 * W + s·B·A with thin factors beside a weight W (out, in), whose product is never formed in training. Merging fills what was pruned.
 *
 * @param a A (rank, in)
 * @param b B (out, rank)
 * @param factor s
 * @param dropout of what goes into A
 */
public record LowRank(Parameter weight, Parameter a, Parameter b, float factor, InputDropout dropout)
        implements AdaptedWeight {
    /**
     * Puts factors beside a weight, which survive a kill.
     *
     * @param startA writes the first values of A, {@code startB} those of B
     */
    public static LowRank beside(
            Training training,
            Parameter weight,
            int rank,
            float factor,
            Consumer<float[]> startA,
            Consumer<float[]> startB) {
        String layer = weight.layer();
        Span ranks = Span.of(Axis.of(layer + ".rank", rank));
        Parameter a = Parameter.weight(layer + ".lora_A", ranks, weight.columnSpan());
        Parameter b = Parameter.weight(layer + ".lora_B", weight.rowSpan(), ranks);
        return new LowRank(weight, training.trained(a, startA), training.trained(b, startB), factor, InputDropout.NONE);
    }

    /** The same pair, of whose input a share is left out in training. */
    public LowRank with(InputDropout dropout) {
        return new LowRank(weight, a, b, factor, dropout);
    }

    /** Normal with this deviation. */
    public static Consumer<float[]> normal(RandomGenerator random, double deviation) {
        return values -> {
            for (int i = 0; i < values.length; i++) values[i] = (float) (Rng.gaussian(random) * deviation);
        };
    }

    public int rank() {
        return a.rows();
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(a, b);
    }

    /** x·Aᵀ (n, rank), in training of what dropout leaves of x. */
    public Tensor narrow(Graph g, Tensor x) {
        return Thin.narrow(g, dropout.apply(g, x, weight.layer()), a);
    }

    /** x·Wᵀ + s·(x·Aᵀ)·Bᵀ. */
    @Override
    public Tensor forward(Graph g, Tensor x) {
        Tensor y = Dense.product(g, x, weight);
        return Thin.add(g, y, Thin.scale(g, narrow(g, x), factor), b);
    }

    @Override
    public void merge(float[] values) {
        weight.survive(null);
        add(values, a.value(), factor);
    }

    /** W becomes W − s·B·A. */
    void takeOut() {
        weight.survive(null);
        add(weight.value(), a.value(), -factor);
        weight.wrote();
    }

    /** Adds times · B · A to a matrix of the weight's shape, with other values of A. */
    void add(float[] matrix, float[] a, float times) {
        float[] scaled = b.value().clone();
        for (int i = 0; i < scaled.length; i++) scaled[i] *= times;
        int out = weight.rows(), in = weight.columns(), rank = rank();
        Blas.product(false, false, out, in, rank, scaled, 0, rank, a, 0, in, 1f, matrix, 0, in);
    }
}
