package org.espalier.methods.score;

import java.util.Set;
import org.espalier.prune.Curvature;
import org.espalier.prune.Cut;
import org.espalier.prune.Evidence;
import org.espalier.prune.Scorer;
import org.espalier.prune.Site;
import org.espalier.prune.Statistic;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;

/**
 * The optimal brain surgeon's cost of a weight, w² / U_jj², where Uᵀ·U is the inverse of the damped Gram matrix of the layer's inputs:
 * what the layer's output loses if the weight goes and the columns to its right make up for it (SparseGPT's criterion). With {@code refine: obs-sweep} this is SparseGPT.
 *
 * @param damping share of the mean of the Gram matrix's diagonal that is added to it
 */
@Paper(
        title = "SparseGPT: Massive Language Models Can Be Accurately Pruned in One-Shot",
        year = 2023,
        id = "2301.00774",
        tags = {"unstructured", "semi-structured", "calibration", "second-order"})
public record Obs(@Default("0.01") double damping) implements Scorer {
    public Obs {
        if (!(damping >= 0)) throw new IllegalArgumentException("damping must not be negative, got " + damping);
    }

    @Override
    public Set<Statistic> needs() {
        return Set.of(Statistic.GRAM);
    }

    @Override
    public float[] score(Site.Weight site, Evidence evidence) {
        int columns = site.parameter().columns();
        return score(evidence.curvature(site, damping), site.parameter().value(), columns, 0, columns);
    }

    @Override
    public boolean canBeAskedAgain() {
        return true;
    }

    @Override
    public float[] again(Cut cut, int first, int count) {
        return score(cut.evidence().curvature(cut.site(), damping), cut.current(), cut.columns(), first, count);
    }

    private static float[] score(Curvature curvature, float[] weight, int columns, int first, int count) {
        float[] square = new float[count];
        for (int c = 0; c < count; c++) {
            float u = curvature.diagonal(first + c);
            square[c] = curvature.dead()[first + c] ? Float.POSITIVE_INFINITY : u * u;
        }
        int rows = weight.length / columns;
        float[] score = new float[rows * count];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < count; c++) {
                float w = weight[r * columns + first + c];
                score[r * count + c] = w * w / square[c];
            }
        return score;
    }
}
