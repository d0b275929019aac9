package org.espalier.methods.refine;

import java.util.Set;
import org.espalier.prune.Cut;
import org.espalier.prune.Refiner;
import org.espalier.prune.Statistic;
import org.espalier.spec.Paper;

/**
 * The bias takes over what the removed weights gave on average: b_i += Σ_j (w_ij − ŵ_ij) · E[x_j], as in FLAP. The mean
 * of each output stays what it was. A layer without a bias is refused: to give it one would be another network.
 */
@Paper(
        title = "Fluctuation-based Adaptive Structured Pruning for Large Language Models",
        year = 2023,
        id = "2312.11983",
        tags = {"calibration", "weight-update"})
public record BiasCompensation() implements Refiner {
    @Override
    public Set<Statistic> needs() {
        return Set.of(Statistic.INPUT_MEAN);
    }

    @Override
    public boolean changesWeights() {
        return true;
    }

    @Override
    public boolean needsBias() {
        return true;
    }

    @Override
    public void refine(Cut cut) {
        float[] mean = cut.evidence().of(cut.site(), Statistic.INPUT_MEAN);
        float[] before = cut.original(), after = cut.current(), bias = cut.bias();
        int columns = cut.columns();
        for (int r = 0; r < cut.rows(); r++) {
            double lost = 0;
            for (int c = 0, i = r * columns; c < columns; c++, i++)
                lost += (before[i] - (cut.mask()[i] ? after[i] : 0.0)) * mean[c];
            bias[r] += (float) lost;
        }
    }
}
