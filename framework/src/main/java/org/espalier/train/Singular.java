package org.espalier.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.data.pretrained.PeftAdapter;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Dense;
import org.espalier.engine.ops.Thin;

/**
 * B·diag(E)·A beside a weight: factors in the form of a singular value decomposition, whose ranks can be given up one by one by
 * setting their E to zero.
 *
 * @param e E (rank)
 * @param kept 1 for the ranks that were kept when ranks were chosen last; it survives a kill
 */
public record Singular(LowRank pair, Parameter e, float[] kept) implements AdaptedWeight {
    /** Begins with A and B normal with this deviation, and E = 0. */
    public static Singular beside(
            Training training, Parameter weight, int rank, float factor, double deviation, InputDropout dropout) {
        var start = LowRank.normal(training.random("singular/" + weight.name()), deviation);
        LowRank pair =
                LowRank.beside(training, weight, rank, factor, start, start).with(dropout);
        Parameter e = Parameter.vector(
                weight.layer() + ".lora_E", Parameter.Kind.SCALE, pair.a().rowSpan());
        return new Singular(pair, training.trained(e, values -> {}), training.array("kept/" + weight.name(), rank));
    }

    @Override
    public Parameter weight() {
        return pair.weight();
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(pair.a(), e, pair.b());
    }

    /** x·Wᵀ + s·(x·Aᵀ)·diag(E)·Bᵀ. */
    @Override
    public Tensor forward(Graph g, Tensor x) {
        Tensor y = Dense.product(g, x, pair.weight());
        return Thin.add(g, y, Thin.diagonal(g, pair.narrow(g, x), e, pair.factor()), pair.b());
    }

    /** Keeps the ranks that score more than {@code threshold}. */
    void keepAbove(double threshold, double[] score) {
        for (int k = 0; k < kept.length; k++) kept[k] = score[k] > threshold ? 1 : 0;
    }

    /** Sets E to zero where a rank was given up. */
    void mask() {
        float[] values = e.value();
        for (int k = 0; k < kept.length; k++) if (kept[k] == 0) values[k] = 0;
        e.wrote();
    }

    /** Which ranks count. */
    private List<Boolean> pattern() {
        List<Boolean> pattern = new ArrayList<>();
        for (float k : kept) pattern.add(k != 0);
        return pattern;
    }

    @Override
    public void merge(float[] values) {
        weight().survive(null);
        float[] weighed = pair.a().value().clone();
        for (int i = 0; i < weighed.length; i++) weighed[i] *= e.value()[i / weight().columns()];
        pair.add(values, weighed, pair.factor());
    }

    /**
     * What files hold: the ranks that were kept.
     *
     * @param alpha what the scale follows from
     */
    public PeftAdapter.Layer stored(double alpha) {
        int rank = pair.rank(),
                in = pair.weight().columns(),
                out = pair.weight().rows();
        int[] left = IntStream.range(0, rank).filter(k -> kept[k] != 0).toArray();
        float[] a = new float[left.length * in], b = new float[out * left.length], values = new float[left.length];
        for (int k = 0; k < left.length; k++) {
            System.arraycopy(pair.a().value(), left[k] * in, a, k * in, in);
            for (int o = 0; o < out; o++) b[o * left.length + k] = pair.b().value()[o * rank + left[k]];
            values[k] = e.value()[left[k]];
        }
        return new PeftAdapter.Layer(
                pair.weight().layer(), rank, alpha, in, out, a, b, Optional.of(values), Optional.empty(), pattern());
    }
}
