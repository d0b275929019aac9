package org.espalier.methods.adapt;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.espalier.engine.LinAlg;
import org.espalier.engine.Parameter;
import org.espalier.models.Model;
import org.espalier.prune.Gathering;
import org.espalier.prune.Statistic;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;
import org.espalier.train.Adaptation;
import org.espalier.train.AdaptedWeight;
import org.espalier.train.AdaptedWeights;
import org.espalier.train.Adapter;
import org.espalier.train.MaskedLowRank;
import org.espalier.train.Training;

/**
 * Low-rank adaptation inside the mask: a change A·B of each weight where it is not zero, of which nothing as large as the weight is kept
 * for the backward pass. A (out, rank) begins as zero, so that nothing changes at first; B (rank, in) holds directions in which the loss
 * falls steeply.
 *
 * @param rank of the change
 * @param alpha the change counts alpha / √rank; left out, alpha is the rank
 * @param gradient that of the paper, which leaves out mask and scale, or the derivative
 * @param start where B's directions come from
 * @param examples how many training examples the mean gradient is taken over
 * @param on ends of the names of the layers that are adapted; left out, all
 */
@Paper(title = "LoRS: Efficient Low-Rank Adaptation for Sparse Large Language Model", year = 2025, id = "2501.08582")
public record Lors(
        @Default("16") int rank,
        Optional<Double> alpha,
        @Default("straight-through") Gradient gradient,
        @Default("gradient") Start start,
        @Default("128") int examples,
        @Default("[]") List<String> on)
        implements Adapter {
    /** Which gradient A and B are given. */
    public enum Gradient {
        STRAIGHT_THROUGH,
        EXACT
    }

    /** How B begins. */
    public enum Start {
        /** With the first right singular vectors of the mean gradient over training examples. */
        GRADIENT,
        /** With numbers drawn evenly from ±1/√in. */
        UNIFORM
    }

    public Lors {
        if (rank < 1) throw new IllegalArgumentException("rank must be at least 1, got " + rank);
        if (examples < 1) throw new IllegalArgumentException("examples must be at least 1, got " + examples);
        on = List.copyOf(on);
    }

    private float scale() {
        return (float) (alpha.orElse((double) rank) / Math.sqrt(rank));
    }

    @Override
    public boolean keepsZeros() {
        return true;
    }

    @Override
    public void check(Model model) {
        AdaptedWeights.fits(rank, AdaptedWeights.targets(model, on));
    }

    @Override
    public Adaptation attach(Training training) {
        List<Parameter> weights = AdaptedWeights.targets(training.model(), on);
        Map<Parameter, float[]> gradients = training.fresh() && start == Start.GRADIENT
                ? Gathering.gather(Statistic.GRADIENT, training, weights, examples)
                : Map.of();
        MaskedLowRank.Way way =
                gradient == Gradient.EXACT ? MaskedLowRank.Way.RECOMPUTED : MaskedLowRank.Way.STRAIGHT_THROUGH;
        return AdaptedWeights.inPlace(weights.stream()
                .map(w -> adapted(training, w, gradients.get(w), way))
                .toList());
    }

    private AdaptedWeight adapted(Training training, Parameter w, float[] gradient, MaskedLowRank.Way way) {
        Parameter a = training.trained(MaskedLowRank.left(w, "lors_A", rank), values -> {});
        Parameter b = training.trained(
                MaskedLowRank.right(w, "lors_B", rank),
                values -> begin(values, gradient, w, training.random("lors/" + w.name())));
        return new MaskedLowRank(w, a, b, scale(), way);
    }

    private void begin(float[] b, float[] gradient, Parameter w, RandomGenerator random) {
        if (gradient == null) {
            AdaptedWeights.uniform(b, w.columns(), random);
            return;
        }
        double[] directions = LinAlg.rightSingular(gradient, w.rows(), w.columns(), rank, random);
        for (int i = 0; i < b.length; i++) b[i] = (float) directions[i];
    }
}
