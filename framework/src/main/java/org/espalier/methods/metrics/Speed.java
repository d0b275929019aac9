package org.espalier.methods.metrics;

import java.util.Arrays;
import java.util.Map;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;
import org.espalier.spec.Default;

/**
 * Examples predicted per second over the whole part of the data, the median of several rounds after one that warms up.
 *
 * @param rounds how many are timed
 */
public record Speed(@Default("5") int rounds) implements Metric {
    public Speed {
        if (rounds < 1) throw new IllegalArgumentException("rounds must be at least 1, got " + rounds);
    }

    @Override
    public Map<String, Double> measure(Measurement of) {
        of.evaluator().score();
        double[] seconds = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            of.evaluator().score();
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        return Map.of("examples-per-second", of.data().size() / seconds[rounds / 2]);
    }

    @Override
    public boolean timing() {
        return true;
    }
}
