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
 * Adam with weight decay outside the gradient.
 *
 * @param decay what rate times decay takes off every weight per update
 */
@Paper(title = "Decoupled Weight Decay Regularization", year = 2017, id = "1711.05101")
public record Adamw(
        @Default("1e-3") double rate,
        @Default("0.9") double beta1,
        @Default("0.999") double beta2,
        @Default("1e-8") double epsilon,
        @Default("0.01") double decay,
        @Default("constant") Schedule schedule)
        implements Optimiser {
    public Adamw {
        Moments.check(rate, beta1, beta2, epsilon, decay);
    }

    @Override
    public void update(Parameter parameter, float[] step, NamedArrays state, Consumer<Launch> to) {
        to.accept(Moments.launch(parameter, step, state, beta1, beta2, epsilon, 0, decay));
    }

    @Override
    public void prepare(float[] step, long update) {
        Moments.correct(step, update, beta1, beta2);
    }
}
