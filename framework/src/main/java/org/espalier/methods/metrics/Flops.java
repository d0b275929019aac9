package org.espalier.methods.metrics;

import java.util.Map;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;

/**
 * Floating-point operations of one prediction: two for each surviving weight each time it is used. Operations on zeros
 * that are skipped do not count, so this is what a perfect sparse executor would do.
 */
public record Flops() implements Metric {
    @Override
    public Map<String, Double> measure(Measurement of) {
        long[] count = new long[2];
        of.model().products((weight, positions) -> {
            count[0] += 2L * weight.kept() * positions;
            count[1] += 2L * weight.size() * positions;
        });
        return Map.of("flops", (double) count[0], "flops.dense", (double) count[1]);
    }
}
