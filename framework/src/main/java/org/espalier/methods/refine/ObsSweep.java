package org.espalier.methods.refine;

import java.util.Set;
import org.espalier.launch.Blas;
import org.espalier.prune.Curvature;
import org.espalier.prune.Cut;
import org.espalier.prune.Pattern;
import org.espalier.prune.Recipe;
import org.espalier.prune.Refiner;
import org.espalier.prune.Statistic;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;

/**
 * From left to right, each column's pruned weights are zeroed and the columns to their right make up for them:
 * e = w_j / U_jj, w_k −= e · U_jk for k ≥ j, where Uᵀ·U is the inverse of the damped Gram matrix of the inputs. Columns go in blocks:
 * within a block weight by weight, beyond it by one product.
 *
 * <p>Where the score can be asked again ({@code obs}) and no other refiner has been at work, each block's mask is decided anew when its
 * turn comes: with {@code score: obs} this is SparseGPT. Any other mask stands, and its weights are updated.
 *
 * @param block columns of a block
 * @param damping share of the mean of the Gram matrix's diagonal that is added to it
 */
@Paper(
        title = "SparseGPT: Massive Language Models Can Be Accurately Pruned in One-Shot",
        year = 2023,
        id = "2301.00774",
        tags = {"unstructured", "semi-structured", "calibration", "second-order", "weight-update"})
public record ObsSweep(
        @Default("128") int block, @Default("0.01") double damping) implements Refiner {
    public ObsSweep {
        if (block < 1) throw new IllegalArgumentException("block must be at least 1, got " + block);
        if (!(damping >= 0)) throw new IllegalArgumentException("damping must not be negative, got " + damping);
    }

    @Override
    public Set<Statistic> needs() {
        return Set.of(Statistic.GRAM);
    }

    @Override
    public boolean changesWeights() {
        return true;
    }

    @Override
    public void check(Recipe recipe) {
        int span = recipe.pattern().span();
        if (span > 0 && block % span != 0)
            throw new IllegalArgumentException(
                    "refine: obs-sweep goes by blocks of " + block + " columns, which are no whole groups of " + span);
    }

    @Override
    public void refine(Cut cut) {
        Curvature curvature = cut.evidence().curvature(cut.site(), damping);
        int rows = cut.rows(), columns = cut.columns();
        float[] weight = cut.weights();
        boolean again = cut.open();
        for (int c = 0; c < columns; c++)
            if (curvature.dead()[c]) for (int r = 0; r < rows; r++) weight[r * columns + c] = 0f;
        float[] error = new float[rows * Math.min(block, columns)];
        for (int first = 0; first < columns; first += block) {
            int width = Math.min(block, columns - first);
            int span = groups(cut.pattern(), again, width);
            for (int c = 0; c < width; c += span) {
                if (again) cut.decide(first + c, Math.min(span, width - c));
                settle(cut, curvature, weight, error, first, width, c, Math.min(c + span, width));
            }
            int rest = columns - first - width;
            if (rest > 0)
                Blas.product(
                        false,
                        false,
                        rows,
                        rest,
                        width,
                        error,
                        0,
                        width,
                        curvature.factor(),
                        first * columns + first + width,
                        columns,
                        1f,
                        weight,
                        first + width,
                        columns);
        }
    }

    /** How many columns are decided at a time: groups of n:m see what the groups before them have changed. */
    private static int groups(Pattern pattern, boolean again, int width) {
        return again && pattern.span() > 0 ? pattern.span() : width;
    }

    /** Columns from … to of a block that begins at {@code first}: {@code error} (rows, width) takes −e, 0 where nothing goes. */
    private static void settle(
            Cut cut, Curvature curvature, float[] weight, float[] error, int first, int width, int from, int to) {
        int rows = cut.rows(), columns = cut.columns();
        float[] factor = curvature.factor();
        boolean[] mask = cut.mask();
        for (int r = 0; r < rows; r++) {
            int row = r * columns + first;
            for (int c = from; c < to; c++) {
                if (mask[row + c]) {
                    error[r * width + c] = 0f;
                    continue;
                }
                int u = (first + c) * columns + first;
                float e = weight[row + c] / factor[u + c];
                error[r * width + c] = -e;
                for (int k = c; k < width; k++) weight[row + k] -= e * factor[u + k];
                weight[row + c] = 0f;
            }
        }
    }
}
