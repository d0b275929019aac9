package org.espalier.measure;

import java.util.Map;
import org.espalier.spec.Family;

/** Something measured of a model. */
@Family("methods.metrics")
public interface Metric {
    /** Named numbers; the names are the same at every call. */
    Map<String, Double> measure(Measurement of);

    /** Whether the numbers are times or the like, which differ from run to run. They are kept apart from results. */
    default boolean timing() {
        return false;
    }

    /** Whether it needs all weights in memory at once, as networks that are streamed from their files never have them. */
    default boolean needsWhole() {
        return false;
    }
}
