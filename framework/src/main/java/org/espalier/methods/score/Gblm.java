package org.espalier.methods.score;

import java.util.Set;
import org.espalier.prune.Evidence;
import org.espalier.prune.Scorer;
import org.espalier.prune.Site;
import org.espalier.prune.Statistic;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;

/**
 * |w_ij| · (‖X_j‖₂ + alpha · ‖G_ij‖): Wanda's score and, beside it, the norm of the weight's gradients over the calibration examples,
 * each the gradient of one example's mean loss. The gradients are those of the network before this pruning; with {@code alpha: 0}
 * this is Wanda.
 *
 * @param alpha what the gradient counts; it is not free of scale: other lengths of examples ask for another value
 * @param norm over the examples: √Σg² or Σ|g|
 */
@Paper(
        title = "Beyond Size: How Gradients Shape Pruning Decisions in Large Language Models",
        year = 2023,
        id = "2311.04902",
        tags = {"unstructured", "semi-structured", "calibration"})
public record Gblm(
        @Default("100") double alpha, @Default("l2") Norm norm) implements Scorer {
    /** Over the gradients of a weight. */
    public enum Norm {
        L1,
        L2
    }

    public Gblm {
        if (!(alpha >= 0)) throw new IllegalArgumentException("alpha must not be negative, got " + alpha);
    }

    @Override
    public Set<Statistic> needs() {
        return Set.of(Statistic.INPUT_SQUARES, gradients());
    }

    private Statistic gradients() {
        return norm == Norm.L2 ? Statistic.GRADIENT_SQUARES : Statistic.GRADIENT_ABSOLUTE;
    }

    @Override
    public float[] score(Site.Weight site, Evidence evidence) {
        float[] squares = evidence.of(site, Statistic.INPUT_SQUARES);
        float[] gradients = evidence.of(site, gradients());
        float[] weight = site.parameter().value(), score = new float[weight.length];
        int columns = site.parameter().columns();
        double[] input = new double[columns];
        for (int c = 0; c < columns; c++) input[c] = Math.sqrt(squares[c]);
        for (int row = 0; row < score.length; row += columns)
            for (int c = 0; c < columns; c++) {
                double gradient = norm == Norm.L2 ? Math.sqrt(gradients[row + c]) : gradients[row + c];
                score[row + c] = (float) (Math.abs(weight[row + c]) * (input[c] + alpha * gradient));
            }
        return score;
    }
}
