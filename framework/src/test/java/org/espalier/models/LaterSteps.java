package org.espalier.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;

/** What a training comes to in the steps after those that a golden file holds: their losses, and the weights after ten steps. */
final class LaterSteps {
    /** How many steps a training makes in all. */
    static final int LAST = 10;

    private final List<Float> losses = new ArrayList<>();
    private final List<float[]> weights = new ArrayList<>();

    void loss(float loss) {
        losses.add(loss);
    }

    void end(Model model) {
        model.parameters().forEach(p -> weights.add(p.value().clone()));
    }

    /** Another device's losses are within 10⁻³ of these, and its weights lie within 10⁻³ of their norm. */
    void near(LaterSteps other) {
        assertThat(other.losses).hasSameSizeAs(losses).isNotEmpty();
        for (int i = 0; i < losses.size(); i++)
            assertThat(other.losses.get(i)).isCloseTo(losses.get(i), within(1e-3f * Math.abs(losses.get(i)) + 1e-5f));
        double apart = 0, all = 0;
        for (int i = 0; i < weights.size(); i++)
            for (int e = 0; e < weights.get(i).length; e++) {
                double w = weights.get(i)[e], difference = other.weights.get(i)[e] - w;
                apart += difference * difference;
                all += w * w;
            }
        assertThat(Math.sqrt(apart / all)).isLessThan(1e-3);
    }
}
