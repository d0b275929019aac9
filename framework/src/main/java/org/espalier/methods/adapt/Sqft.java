package org.espalier.methods.adapt;

import java.util.List;
import org.espalier.engine.Parameter;
import org.espalier.models.Model;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;
import org.espalier.train.Adaptation;
import org.espalier.train.AdaptedWeight;
import org.espalier.train.AdaptedWeights;
import org.espalier.train.Adapter;
import org.espalier.train.MaskedLowRank;
import org.espalier.train.Training;

/**
 * Low-rank adaptation with the mask on the product (the paper's SparsePEFT): W + alpha/rank · (B·A) where W is not zero. The merged
 * weight of every layer is kept for the backward pass, as automatic differentiation does. The paper's variants with integer weights and
 * elastic ranks are not here.
 *
 * @param rank of the change
 * @param alpha the change counts alpha / rank
 * @param on ends of the names of the layers that are adapted; left out, all
 */
@Paper(
        title = "SQFT: Low-cost Model Adaptation in Low-precision Sparse Foundation Models",
        year = 2024,
        id = "2410.03750")
public record Sqft(
        @Default("32") int rank,
        @Default("64") double alpha,
        @Default("[]") List<String> on) implements Adapter {
    public Sqft {
        if (rank < 1) throw new IllegalArgumentException("rank must be at least 1, got " + rank);
        on = List.copyOf(on);
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
        return AdaptedWeights.inPlace(AdaptedWeights.targets(training.model(), on).stream()
                .map(w -> adapted(training, w))
                .toList());
    }

    private AdaptedWeight adapted(Training training, Parameter w) {
        Parameter b = training.trained(MaskedLowRank.left(w, "sqft_B", rank), values -> {});
        Parameter a = training.trained(
                MaskedLowRank.right(w, "sqft_A", rank),
                values -> AdaptedWeights.uniform(values, w.columns(), training.random("sqft/" + w.name())));
        return new MaskedLowRank(w, b, a, (float) (alpha / rank), MaskedLowRank.Way.KEPT);
    }
}
