package org.espalier.methods.metrics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.espalier.engine.Rng;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;

/**
 * exp of the mean over windows of the mean next-token loss: the pruning papers' protocol ({@code ppl-window}), where windows do not
 * overlap, each is scored alone, and its first token is never predicted. The window's length and how text was cut decide the number, so
 * the count of windows and of scored tokens stand beside it, and an interval of 95 % from resampling windows.
 *
 * @param resamples how often windows are drawn again for the interval
 */
@Paper(
        title = "SparseGPT: Massive Language Models Can Be Accurately Pruned in One-Shot",
        year = 2023,
        id = "2301.00774",
        tags = {"evaluation"})
public record Perplexity(@Default("1000") int resamples) implements Metric {
    public Perplexity {
        if (resamples < 100) throw new IllegalArgumentException("resamples must be at least 100, got " + resamples);
    }

    @Override
    public Map<String, Double> measure(Measurement of) {
        if (of.data().labels() < 2)
            throw new IllegalArgumentException("perplexity is measured on windows of text, not on "
                    + of.data().name());
        double[] losses = of.evaluator().losses();
        double[] drawn = resampled(losses);
        Map<String, Double> found = new LinkedHashMap<>();
        found.put("perplexity", Math.exp(mean(losses)));
        found.put("perplexity.low", Math.exp(drawn[(int) (0.025 * resamples)]));
        found.put("perplexity.high", Math.exp(drawn[(int) (0.975 * resamples)]));
        found.put("windows", (double) losses.length);
        found.put("scored-tokens", (double) losses.length * (of.data().labels() - 1));
        return found;
    }

    /** Means of windows drawn with replacement, the smallest first. */
    private double[] resampled(double[] losses) {
        RandomGenerator random = Rng.of(0, "perplexity", losses.length);
        double[] means = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            double sum = 0;
            for (int k = 0; k < losses.length; k++) sum += losses[random.nextInt(losses.length)];
            means[i] = sum / losses.length;
        }
        Arrays.sort(means);
        return means;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }
}
