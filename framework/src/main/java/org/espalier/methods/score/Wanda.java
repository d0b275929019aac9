package org.espalier.methods.score;

import java.util.Set;
import org.espalier.prune.Evidence;
import org.espalier.prune.Scorer;
import org.espalier.prune.Site;
import org.espalier.prune.Statistic;
import org.espalier.spec.Paper;

/** |w_ij| · ‖X_j‖₂: a weight matters as much as its input is large (equation 1). The paper compares within a row. */
@Paper(
        title = "A Simple and Effective Pruning Approach for Large Language Models",
        year = 2023,
        id = "2306.11695",
        tags = {"unstructured", "semi-structured", "calibration"})
public record Wanda() implements Scorer {
    @Override
    public Set<Statistic> needs() {
        return Set.of(Statistic.INPUT_SQUARES);
    }

    @Override
    public float[] score(Site.Weight site, Evidence evidence) {
        float[] squares = evidence.of(site, Statistic.INPUT_SQUARES);
        int columns = site.parameter().columns();
        float[] norm = new float[columns];
        for (int c = 0; c < columns; c++) norm[c] = (float) Math.sqrt(squares[c]);
        float[] weight = site.parameter().value(), score = new float[weight.length];
        for (int row = 0; row < score.length; row += columns)
            for (int c = 0; c < columns; c++) score[row + c] = Math.abs(weight[row + c]) * norm[c];
        return score;
    }
}
