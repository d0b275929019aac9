package org.espalier.methods.score;

import java.util.Set;
import org.espalier.prune.Evidence;
import org.espalier.prune.Scorer;
import org.espalier.prune.Site;
import org.espalier.prune.Statistic;
import org.espalier.spec.Paper;

/**
 * Σ (g · w)² over the calibration examples: the squared change of each example's loss when the weight goes, to first order.
 * Unlike SNIP's, examples that pull a weight in opposite directions do not cancel.
 */
@Paper(
        title = "Importance Estimation for Neural Network Pruning",
        year = 2019,
        id = "1906.10771",
        tags = {"unstructured", "calibration"})
public record Taylor() implements Scorer {
    @Override
    public Set<Statistic> needs() {
        return Set.of(Statistic.GRADIENT_SQUARES);
    }

    @Override
    public float[] score(Site.Weight site, Evidence evidence) {
        float[] squares = evidence.of(site, Statistic.GRADIENT_SQUARES);
        float[] weight = site.parameter().value(), score = new float[weight.length];
        for (int i = 0; i < score.length; i++) score[i] = squares[i] * weight[i] * weight[i];
        return score;
    }
}
