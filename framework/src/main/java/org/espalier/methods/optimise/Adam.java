package org.espalier.methods.optimise;

import java.util.function.Consumer;
import org.espalier.engine.Parameter;
import org.espalier.launch.Launch;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;
import org.espalier.train.Moments;
import org.espalier.train.NamedArrays;
import org.espalier.train.Optimiser;
import org.espalier.train.Schedule;

/**
 * Adam, with the bias correction of its Algorithm 1.
 *
 * @param decay L2 regularisation, added to the gradient
 */
@Paper(title = "Adam: A Method for Stochastic Optimization", year = 2014, id = "1412.6980")
public record Adam(
        @Default("1e-3") double rate,
        @Default("0.9") double beta1,
        @Default("0.999") double beta2,
        @Default("1e-8") double epsilon,
        @Default("0") double decay,
        @Default("constant") Schedule schedule)
        implements Optimiser {
    public Adam {
        Moments.check(rate, beta1, beta2, epsilon, decay);
    }

    @Override
    public void update(Parameter parameter, float[] step, NamedArrays state, Consumer<Launch> to) {
        to.accept(Moments.launch(parameter, step, state, beta1, beta2, epsilon, decay, 0));
    }

    @Override
    public void prepare(float[] step, long update) {
        Moments.correct(step, update, beta1, beta2);
    }
}
