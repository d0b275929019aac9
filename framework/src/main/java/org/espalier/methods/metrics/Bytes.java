package org.espalier.methods.metrics;

import java.util.Map;
import org.espalier.engine.Parameter;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;

/**
 * Bytes the parameters take: all of them as 32-bit floats, and the same with each weight in the smaller of its dense form and
 * compressed rows (a value and a 32-bit column per survivor, a 32-bit start per row).
 */
public record Bytes() implements Metric {
    @Override
    public Map<String, Double> measure(Measurement of) {
        long dense = 0;
        long smaller = 0;
        for (Parameter p : of.model().parameters()) {
            long own = 4L * p.size();
            dense += own;
            smaller += p.survivors() == null ? own : Math.min(own, 8L * p.kept() + 4L * (p.rows() + 1));
        }
        return Map.of("bytes.dense", (double) dense, "bytes", (double) smaller);
    }
}
