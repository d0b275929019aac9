package org.espalier.methods.allocate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.espalier.prune.Allocator;
import org.espalier.prune.Budget;
import org.espalier.prune.Evidence;
import org.espalier.prune.Site;
import org.espalier.prune.Statistic;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;

/**
 * Blocks with more outliers keep more. D is the share of a block's entries of |w|·‖X‖ that exceed {@code multiple} times their mean,
 * on the dense network; the densities lie in proportion to D in a range of 2·lambda and keep the asked share on average. Where all D are equal, so are the densities. The average counts weights, which for blocks of one size is the paper's.
 *
 * @param lambda half the range of densities
 * @param multiple what counts as an outlier, in means
 * @param by what shares one density
 */
@Paper(
        title = "Outlier Weighed Layerwise Sparsity (OWL): A Missing Secret Sauce for Pruning LLMs to High Sparsity",
        year = 2023,
        id = "2310.05175",
        tags = {"allocation", "calibration"})
public record Owl(
        @Default("0.08") double lambda,
        @Default("5") double multiple,
        @Default("block") Unit by) implements Allocator {
    /** What shares one density. */
    public enum Unit {
        BLOCK,
        LAYER
    }

    public Owl {
        if (!(lambda >= 0 && lambda <= 0.5))
            throw new IllegalArgumentException("lambda must lie in [0, 0.5], got " + lambda);
        if (!(multiple > 0)) throw new IllegalArgumentException("multiple must be positive, got " + multiple);
    }

    @Override
    public Set<Statistic> needs() {
        return Set.of(Statistic.INPUT_SQUARES);
    }

    @Override
    public double[] allocate(Budget budget) {
        List<List<Integer>> groups = new ArrayList<>();
        List<Double> outliers = new ArrayList<>();
        budget.survey().evidence((block, evidence) -> {
            List<List<Integer>> units = by == Unit.BLOCK
                    ? List.of(block)
                    : block.stream().map(List::of).toList();
            for (List<Integer> unit : units) {
                groups.add(unit);
                outliers.add(share(unit.stream().map(budget.sites()::get).toList(), evidence));
            }
        });
        return budget.shifted(
                groups,
                removed(outliers.stream().mapToDouble(Double::doubleValue).toArray(), budget.ratio()));
    }

    /** The share each group loses, given its share of outliers. */
    double[] removed(double[] outliers, double ratio) {
        double low = Arrays.stream(outliers).min().orElse(0),
                high = Arrays.stream(outliers).max().orElse(0);
        double[] spread = Arrays.stream(outliers)
                .map(d -> high == low ? 0 : (d - low) / (high - low) * 2 * lambda)
                .toArray();
        double mean = Arrays.stream(spread).average().orElse(0);
        return Arrays.stream(spread).map(d -> ratio - d + mean).toArray();
    }

    private double share(List<Site.Weight> sites, Evidence evidence) {
        double sum = 0;
        long size = 0;
        for (Site.Weight site : sites) {
            float[] squares = evidence.of(site, Statistic.INPUT_SQUARES);
            float[] weight = site.parameter().value();
            int columns = squares.length;
            double[] column = new double[columns];
            for (int row = 0; row < weight.length; row += columns)
                for (int c = 0; c < columns; c++) column[c] += Math.abs(weight[row + c]);
            for (int c = 0; c < columns; c++) sum += column[c] * Math.sqrt(squares[c]);
            size += weight.length;
        }
        return above(sites, evidence, multiple * sum / size) / (double) size;
    }

    private static long above(List<Site.Weight> sites, Evidence evidence, double limit) {
        long above = 0;
        for (Site.Weight site : sites) {
            float[] squares = evidence.of(site, Statistic.INPUT_SQUARES);
            float[] weight = site.parameter().value();
            double[] least = new double[squares.length];
            for (int c = 0; c < least.length; c++) least[c] = limit / Math.sqrt(squares[c]);
            for (int row = 0; row < weight.length; row += least.length)
                for (int c = 0; c < least.length; c++) if (Math.abs(weight[row + c]) > least[c]) above++;
        }
        return above;
    }
}
