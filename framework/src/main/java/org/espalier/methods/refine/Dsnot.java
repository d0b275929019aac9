package org.espalier.methods.refine;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.espalier.prune.Cut;
import org.espalier.prune.Refiner;
import org.espalier.prune.Statistic;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;

/**
 * Dynamic sparse no training: in every row, pruned weights come back and kept ones go in their place so that the expected error of the
 * output, ε = Σ w_j · μ_j over the pruned j (μ: the input's sum over an example, on average), comes near zero. Per cycle the pruned
 * weight with the largest w·μ/v (the smallest, if ε is negative; v: the input's variance) returns, and of the kept weights whose w·μ
 * has the sign opposite to ε the one with the smallest Wanda score goes. No weight is moved twice. A row is done when |ε| does not
 * exceed the threshold, when no weight is left to move, or after all cycles.
 *
 * <p>Under n:m the one that goes is the smallest of those kept in the returning weight's group, and a row is done before ε would
 * change its sign.
 *
 * @param cycles at most so many exchanges per row
 * @param power of the variance
 * @param keepSign whether a row is done before ε would change its sign
 * @param skip layers whose name contains one of these stay as they are; the authors' code passes over {@code mlp}
 */
@Paper(
        title = "Dynamic Sparse No Training: Training-Free Fine-tuning for Sparse LLMs",
        year = 2023,
        id = "2310.08915",
        tags = {"unstructured", "semi-structured", "calibration"})
public record Dsnot(
        @Default("50") int cycles,
        @Default("0.1") double threshold,
        @Default("1") double power,
        @Default("false") boolean keepSign,
        @Default("[]") List<String> skip)
        implements Refiner {
    public Dsnot {
        if (cycles < 1) throw new IllegalArgumentException("cycles must be at least 1, got " + cycles);
        if (!(threshold >= 0)) throw new IllegalArgumentException("threshold must not be negative, got " + threshold);
    }

    @Override
    public Set<Statistic> needs() {
        return Set.of(Statistic.INPUT_MEAN, Statistic.INPUT_VARIANCE, Statistic.INPUT_SQUARES);
    }

    @Override
    public boolean changesMask() {
        return true;
    }

    @Override
    public void refine(Cut cut) {
        if (skip.stream().anyMatch(cut.site().name()::contains)) return;
        Inputs inputs = Inputs.of(cut, power);
        for (int r = 0; r < cut.rows(); r++) new Row(this, cut, inputs, r).refine();
    }

    /** Per column: μ, v^power and ‖X‖. */
    private record Inputs(double[] mean, double[] variance, double[] norm) {
        static Inputs of(Cut cut, double power) {
            float[] means = cut.evidence().of(cut.site(), Statistic.INPUT_MEAN);
            float[] variances = cut.evidence().of(cut.site(), Statistic.INPUT_VARIANCE);
            float[] squares = cut.evidence().of(cut.site(), Statistic.INPUT_SQUARES);
            int n = means.length;
            Inputs inputs = new Inputs(new double[n], new double[n], new double[n]);
            for (int c = 0; c < n; c++) {
                inputs.mean[c] = (double) means[c] * cut.evidence().length();
                inputs.variance[c] = Math.max(1e-30, Math.pow(variances[c], power));
                inputs.norm[c] = Math.sqrt(squares[c]);
            }
            return inputs;
        }
    }

    /** One row in progress. */
    private static final class Row {
        private final Dsnot method;
        private final boolean[] mask;
        private final int start;
        private final int span;
        private final double[] expected;
        private final double[] wanda;
        private final int[] back;
        private final int[] keptByScore;
        private final boolean[] moved;
        private double error;

        Row(Dsnot method, Cut cut, Inputs inputs, int r) {
            int columns = cut.columns();
            this.method = method;
            this.mask = cut.mask();
            this.start = r * columns;
            this.span = cut.pattern().span();
            this.expected = new double[columns];
            this.wanda = new double[columns];
            this.moved = new boolean[columns];
            double[] value = new double[columns];
            float[] weight = cut.current();
            for (int c = 0; c < columns; c++) {
                expected[c] = weight[start + c] * inputs.mean[c];
                value[c] = expected[c] / inputs.variance[c];
                wanda[c] = Math.abs(weight[start + c]) * inputs.norm[c];
                moved[c] = cut.gone(start + c); // what was pruned before cannot come back
                if (!mask[start + c]) error += expected[c];
            }
            this.back = sorted(columns, false, value);
            this.keptByScore = sorted(columns, true, wanda);
        }

        /** The kept or the pruned columns, smallest value first. */
        private int[] sorted(int columns, boolean kept, double[] value) {
            long[] order = new long[columns]; // a value's place in the order of floats, then the column
            int n = 0;
            for (int c = 0; c < columns; c++) {
                if (mask[start + c] != kept) continue;
                int bits = Float.floatToRawIntBits((float) value[c]);
                order[n++] = (long) (bits ^ bits >> 31 & 0x7fffffff) << 32 | c;
            }
            Arrays.sort(order, 0, n);
            return Arrays.stream(order, 0, n).mapToInt(place -> (int) place).toArray();
        }

        void refine() {
            int low = 0, high = back.length - 1;
            for (int cycle = 0; cycle < method.cycles && Math.abs(error) > method.threshold; cycle++) {
                while (low <= high && moved[back[low]]) low++;
                while (low <= high && moved[back[high]]) high--;
                if (low > high) return;
                int returning = error > 0 ? back[high--] : back[low++];
                int going = going(returning);
                if (going < 0) return;
                double after = error + expected[going] - expected[returning];
                if ((method.keepSign || span > 0) && after * error < 0) return;
                mask[start + returning] = true;
                mask[start + going] = false;
                moved[returning] = moved[going] = true;
                error = after;
            }
        }

        private int going(int returning) {
            for (int c : keptByScore) {
                boolean fits = span > 0 ? c / span == returning / span : error > 0 ? expected[c] < 0 : expected[c] > 0;
                if (!moved[c] && fits) return c;
            }
            return -1;
        }
    }
}
