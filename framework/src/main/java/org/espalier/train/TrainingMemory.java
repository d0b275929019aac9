package org.espalier.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.engine.Parameter;
import org.espalier.models.Model;

/**
 * The larger arrays of a training, in bytes. They are counted from its plan, and all are there from the first update to the last.
 *
 * @param weights the network's parameters
 * @param masks of what is trained, a bit for each entry that may be pruned
 * @param added parameters that an adapter brings
 * @param gradients of what is trained
 * @param optimiser what the optimiser remembers, and what adapter and hooks do besides
 * @param activations activations and their gradients, at the moment when most of them are needed
 */
public record TrainingMemory(long weights, long masks, long added, long gradients, long optimiser, long activations) {
    /**
     * @param trained what an optimiser updates
     * @param optimiser bytes that were asked for
     */
    static TrainingMemory of(Model model, List<Parameter> trained, long optimiser, long activations) {
        long weights = 0, masks = 0, added = 0, gradients = 0;
        for (Parameter p : model.parameters()) weights += Float.BYTES * (long) p.size();
        for (Parameter p : trained) {
            gradients += Float.BYTES * (long) p.trainedGrad().length;
            if (p.trainedMask() != null)
                masks += Integer.BYTES * (long) p.survivors().words().length;
            if (!model.parameters().contains(p)) added += Float.BYTES * (long) p.size();
        }
        return new TrainingMemory(weights, masks, added, gradients, optimiser, activations);
    }

    /** All of it. */
    public long total() {
        return weights + masks + added + gradients + optimiser + activations;
    }

    /** By names as reports show them. */
    public Map<String, Long> parts() {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("weights", weights);
        parts.put("masks", masks);
        parts.put("adapter", added);
        parts.put("gradients", gradients);
        parts.put("optimiser", optimiser);
        parts.put("activations", activations);
        parts.put("total", total());
        return parts;
    }
}
