package org.espalier.methods.metrics;

import java.util.Map;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;

/** The share of examples whose label has the largest logit. */
public record Accuracy() implements Metric {
    @Override
    public Map<String, Double> measure(Measurement of) {
        return Map.of("accuracy", of.score().accuracy());
    }
}
