package org.espalier.methods.metrics;

import java.util.Map;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;

/** The mean cross-entropy in nats. */
public record Loss() implements Metric {
    @Override
    public Map<String, Double> measure(Measurement of) {
        return Map.of("loss", of.score().loss());
    }
}
