package org.espalier.methods.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.engine.Parameter;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;

/** The share of weights that are left, in all and by layer, and their number. Biases and the like do not count. */
public record Sparsity() implements Metric {
    @Override
    public Map<String, Double> measure(Measurement of) {
        Map<String, Double> found = new LinkedHashMap<>();
        long kept = 0;
        long size = 0;
        for (Parameter weight : of.model().weights()) {
            kept += weight.kept();
            size += weight.size();
            found.put("density." + weight.layer(), weight.density());
        }
        found.put("weights-left", kept / (double) size);
        found.put("weights", (double) kept);
        return found;
    }
}
