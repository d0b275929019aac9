package org.espalier.train;

import java.util.Map;
import org.espalier.engine.Graph;
import org.espalier.models.Model;
import org.espalier.spec.Family;

/** Something that takes part in training without being the loop: it changes batches, adds to the loss, or acts after updates. */
@Family("methods.hooks")
public interface Hook {
    /**
     * Asks whether it can take part in training this network, before anything runs.
     *
     * @throws IllegalArgumentException if not
     */
    default void check(Model model) {}

    /** Begins to take part, before the network is traced. What has to survive a kill lives in {@link Training#array}. */
    Live start(Training training);

    /** A hook at work. */
    interface Live {
        /** How many of {@code batch} examples an update is made of: the size the network is traced at. */
        default int examples(int batch) {
            return batch;
        }

        /**
         * Chooses among the examples of an update, or what their labels count.
         *
         * @param batch as the trainer drew it, of a size that may vary at the end of an epoch
         * @param step the update about to be made, from 0
         * @return at most {@link #examples} of them
         */
        default Batch choose(Batch batch, long step) {
            return batch;
        }

        /** Appends launches after those of the loss, and closures for their gradients. Called at each trace. */
        default void trace(Graph g) {}

        /**
         * Called after each update, with the gradients that it was made of still in place.
         *
         * @param step updates made so far
         */
        default void updated(long step) {}

        /** Bytes it holds besides what survives a kill, such as activations of a pass of its own; asked once it is traced. */
        default long bytes() {
            return 0;
        }

        /** What it has to say at the end, by names as reports show them. */
        default Map<String, Double> findings() {
            return Map.of();
        }
    }
}
