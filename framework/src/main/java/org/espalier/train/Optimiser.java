package org.espalier.train;

import java.util.function.Consumer;
import org.espalier.engine.Parameter;
import org.espalier.launch.Launch;
import org.espalier.spec.Family;

/** How gradients change parameters. */
@Family("methods.optimise")
public interface Optimiser {
    /** The learning rate before its schedule. */
    double rate();

    Schedule schedule();

    /**
     * Appends the launches that update {@code parameter} from its gradient.
     *
     * @param step what changes from step to step, as in {@link org.espalier.kernels.Update}
     * @param state where moments live, so that checkpoints hold them
     */
    void update(Parameter parameter, float[] step, NamedArrays state, Consumer<Launch> to);

    /** Writes into {@code step} what beyond the rate depends on the number of the update, counted from 1. */
    default void prepare(float[] step, long update) {}
}
