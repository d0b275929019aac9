package org.espalier.train;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.espalier.data.Dataset;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.launch.Device;
import org.espalier.models.Model;

/**
 * One training, as its adapter and its hooks see it.
 *
 * @param path where in the experiment it stands; with {@code seed} it decides all randomness
 * @param state what checkpoints hold
 */
public record Training(
        Device device, Model model, Dataset data, Course course, long seed, String path, NamedArrays state) {
    private static final String BEGUN = "begun";

    /** Whether it begins now, rather than goes on from a checkpoint: only then may weights be changed before the first update. */
    public boolean fresh() {
        return !state.has(BEGUN);
    }

    /** Says that all that is to be done before the first update was done. */
    void begun() {
        state.array(BEGUN, 1);
    }

    /** An array that survives a kill, of zeros at first. */
    public float[] array(String name, int size) {
        return state.array(name, size);
    }

    /** Randomness of this training for one purpose. */
    public RandomGenerator random(String purpose) {
        return Rng.of(seed, path + "/" + purpose, 0);
    }

    /**
     * Has a parameter of an adapter survive a kill, and fills it when the training is fresh.
     *
     * @param initial writes its first values
     */
    public Parameter trained(Parameter parameter, Consumer<float[]> initial) {
        String name = "adapter/" + parameter.name();
        boolean known = state.has(name);
        float[] values = state.array(name, parameter.size());
        if (!known) initial.accept(values);
        parameter.lay(values);
        return parameter;
    }
}
