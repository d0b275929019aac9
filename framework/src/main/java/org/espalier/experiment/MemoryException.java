package org.espalier.experiment;

import java.util.Locale;

/** A run needed more memory than there was: says where, what the plan had estimated, and what can be done. */
public final class MemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MemoryException(String stage, Program.Cost cost, OutOfMemoryError cause) {
        super(
                String.format(
                        Locale.ROOT,
                        "out of memory in %s: the plan estimates %.1f GB for %,d weights, the heap may take %.1f GB;"
                                + " set ESPALIER_JAVA_OPTS=-Xmx… if there is more, or take smaller batches (%s)",
                        stage.isEmpty() ? "what comes before the first stage" : "stage " + stage,
                        cost.bytes() / 1e9,
                        cost.weights(),
                        Runtime.getRuntime().maxMemory() / 1e9,
                        cause.getMessage()),
                cause);
    }
}
