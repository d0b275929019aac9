package org.espalier.methods.optimise;

import java.util.function.Consumer;
import org.espalier.engine.Parameter;
import org.espalier.kernels.Update;
import org.espalier.launch.Launch;
import org.espalier.launch.UpdateBodies;
import org.espalier.spec.Default;
import org.espalier.train.NamedArrays;
import org.espalier.train.Optimiser;
import org.espalier.train.Schedule;

/**
 * Stochastic gradient descent with momentum.
 *
 * @param decay L2 regularisation, added to the gradient
 * @param nesterov whether to look ahead along the velocity
 */
public record Sgd(
        double rate,
        @Default("0") double momentum,
        @Default("0") double decay,
        @Default("false") boolean nesterov,
        @Default("constant") Schedule schedule)
        implements Optimiser {
    public Sgd {
        if (!(rate > 0)) throw new IllegalArgumentException("rate must be positive, got " + rate);
        if (momentum < 0 || momentum >= 1)
            throw new IllegalArgumentException("momentum must lie in [0, 1), got " + momentum);
        if (decay < 0) throw new IllegalArgumentException("decay must not be negative, got " + decay);
    }

    @Override
    public void update(Parameter parameter, float[] step, NamedArrays state, Consumer<Launch> to) {
        float[] value = parameter.trainedValue(), gradient = parameter.trainedGrad();
        float[] velocity = state.array("sgd.velocity/" + parameter.name(), value.length);
        float kept = (float) momentum, shrink = (float) decay;
        int ahead = nesterov ? 1 : 0;
        to.accept(Launch.of(
                        parameter.name() + ".sgd",
                        value.length,
                        Update::sgd,
                        value,
                        velocity,
                        gradient,
                        step,
                        kept,
                        shrink,
                        ahead)
                .withHost((f, c) -> UpdateBodies.sgd(value, velocity, gradient, step, kept, shrink, ahead, f, c)));
    }
}
