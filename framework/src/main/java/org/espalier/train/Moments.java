package org.espalier.train;

import org.espalier.engine.Parameter;
import org.espalier.kernels.Update;
import org.espalier.launch.Launch;
import org.espalier.launch.UpdateBodies;

/** What optimisers of Adam's family share. */
public final class Moments {
    private Moments() {}

    public static void check(double rate, double beta1, double beta2, double epsilon, double decay) {
        if (!(rate > 0)) throw new IllegalArgumentException("rate must be positive, got " + rate);
        if (beta1 < 0 || beta1 >= 1) throw new IllegalArgumentException("beta1 must lie in [0, 1), got " + beta1);
        if (beta2 < 0 || beta2 >= 1) throw new IllegalArgumentException("beta2 must lie in [0, 1), got " + beta2);
        if (!(epsilon > 0)) throw new IllegalArgumentException("epsilon must be positive, got " + epsilon);
        if (decay < 0) throw new IllegalArgumentException("decay must not be negative, got " + decay);
    }

    /** An update by {@link Update#adam}, its two moments kept under the parameter's name. */
    public static Launch launch(
            Parameter parameter,
            float[] step,
            NamedArrays state,
            double beta1,
            double beta2,
            double epsilon,
            double decay,
            double decoupled) {
        float[] value = parameter.trainedValue(), gradient = parameter.trainedGrad();
        float[] first = state.array("adam.first/" + parameter.name(), value.length);
        float[] second = state.array("adam.second/" + parameter.name(), value.length);
        float b1 = (float) beta1, b2 = (float) beta2, tiny = (float) epsilon;
        float coupled = (float) decay, apart = (float) decoupled;
        return Launch.of(
                        parameter.name() + ".adam",
                        value.length,
                        Update::adam,
                        value,
                        first,
                        second,
                        gradient,
                        step,
                        b1,
                        b2,
                        tiny,
                        coupled,
                        apart)
                .withHost((f, c) ->
                        UpdateBodies.adam(value, first, second, gradient, step, b1, b2, tiny, coupled, apart, f, c));
    }

    /** The bias corrections of update number {@code update}, counted from 1. */
    public static void correct(float[] step, long update, double beta1, double beta2) {
        step[2] = (float) (1 / (1 - StrictMath.pow(beta1, update)));
        step[3] = (float) (1 / StrictMath.sqrt(1 - StrictMath.pow(beta2, update)));
    }
}
