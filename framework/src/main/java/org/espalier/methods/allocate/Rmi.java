package org.espalier.methods.allocate;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.espalier.prune.Allocator;
import org.espalier.prune.Budget;
import org.espalier.prune.Statistic;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;

/**
 * Blocks whose input resembles that of others keep less. Resemblance is linear centred kernel alignment between block inputs over the
 * calibration examples; t_l is block l's sum over all others, as a share of all; importance is exp(−beta · t_l). The shares removed
 * minimise Σ s_l · importance_l within ±delta of the ratio and with the ratio as their mean: a linear programme whose solution gives
 * important blocks ratio − delta, the others ratio + delta, and one in between the rest (LoSA's allocation).
 *
 * @param delta how far a block may be from the ratio; absent, 0.01 up to a ratio of 0.5, 0.02 up to 0.6, 0.03 above, as in the
 *     authors' code
 */
@Paper(
        title = "Dynamic Low-Rank Sparse Adaptation for Large Language Models",
        year = 2025,
        id = "2502.14816",
        tags = {"allocation", "calibration"})
public record Rmi(@Default("1") double beta, Optional<Double> delta) implements Allocator {
    public Rmi {
        if (!(beta >= 0)) throw new IllegalArgumentException("beta must not be negative, got " + beta);
        delta.ifPresent(d -> {
            if (!(d >= 0 && d < 1)) throw new IllegalArgumentException("delta must lie in [0, 1), got " + d);
        });
    }

    @Override
    public Set<Statistic> needs() {
        return Set.of(Statistic.BLOCK_INPUTS);
    }

    @Override
    public double[] allocate(Budget budget) {
        return budget.shifted(
                budget.blocks(), removed(importance(budget.survey().inputProducts()), budget));
    }

    /** exp(−beta · t) of each block, from the inner products of the examples at its input. */
    double[] importance(List<double[]> products) {
        List<double[]> centred = products.stream().map(Rmi::centred).toList();
        int blocks = centred.size();
        double[] resemblance = new double[blocks];
        double all = 0;
        for (int a = 0; a < blocks; a++)
            for (int b = 0; b < blocks; b++)
                if (a != b) {
                    double alignment = alignment(centred.get(a), centred.get(b));
                    resemblance[a] += alignment;
                    all += alignment;
                }
        double total = all;
        return IntStream.range(0, blocks)
                .mapToDouble(l -> total == 0 ? 1 : Math.exp(-beta * resemblance[l] / total))
                .toArray();
    }

    /** Linear CKA of two centred matrices of inner products. */
    static double alignment(double[] a, double[] b) {
        double product = dot(a, b), scale = Math.sqrt(dot(a, a) * dot(b, b));
        return scale == 0 ? 0 : product / scale;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    /** Inner products of vectors from which their mean was subtracted. */
    static double[] centred(double[] products) {
        int n = (int) Math.round(Math.sqrt(products.length));
        double[] row = new double[n], centred = new double[n * n];
        double all = 0;
        for (int r = 0; r < n; r++) {
            for (int c = 0; c < n; c++) row[r] += products[r * n + c] / n;
            all += row[r] / n;
        }
        for (int r = 0; r < n; r++)
            for (int c = 0; c < n; c++) centred[r * n + c] = products[r * n + c] - row[r] - row[c] + all;
        return centred;
    }

    /** The linear programme: the least important blocks are filled up first. */
    double[] removed(double[] importance, Budget budget) {
        double ratio = budget.ratio();
        double room = delta.orElse(ratio <= 0.5 ? 0.01 : ratio <= 0.6 ? 0.02 : 0.03);
        room = Math.min(room, Math.min(ratio, 1 - ratio));
        double[] removed = new double[importance.length];
        double open = 0;
        for (List<Integer> block : budget.blocks()) open += room * budget.size(block);
        List<Integer> order = IntStream.range(0, importance.length)
                .boxed()
                .sorted(Comparator.comparingDouble(l -> importance[l]))
                .toList();
        for (int l : order) {
            double size = budget.size(budget.blocks().get(l));
            double taken = Math.min(2 * room, open / size);
            removed[l] = ratio - room + taken;
            open -= taken * size;
        }
        return removed;
    }
}
