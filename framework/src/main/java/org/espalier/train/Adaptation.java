package org.espalier.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.data.pretrained.PeftAdapter;
import org.espalier.engine.Parameter;

/** An adapter in place: it may take part in the training as a hook does. */
public interface Adaptation extends Hook.Live {
    /** What is trained. */
    List<Parameter> parameters();

    /** What was trained as files hold it, before it is merged; empty where it has no such form. */
    default Optional<PeftAdapter> stored() {
        return Optional.empty();
    }

    /** What is worth knowing from step to step besides the loss, by names as reports show them. */
    default Map<String, Double> measured() {
        return Map.of();
    }

    /** Makes what was trained part of the weights, and leaves the network as it was otherwise: nothing stands beside it any more. */
    void merge();
}
