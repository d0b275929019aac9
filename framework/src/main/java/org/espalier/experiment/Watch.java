package org.espalier.experiment;

import java.util.Optional;
import org.espalier.spec.Default;

/**
 * What to measure while training goes on. The weights of the lowest loss seen are remembered, so that the early-stop
 * point can be judged afterwards.
 *
 * @param data the part of the data whose loss and accuracy are followed
 * @param every updates between measurements
 * @param judge a part on which the weights of the lowest loss are evaluated at the end
 * @param reach an accuracy of which the first iteration that reaches it is noted
 */
public record Watch(
        @Default("valid") String data, @Default("100") long every, Optional<String> judge, Optional<Double> reach) {
    public Watch {
        if (judge.isPresent() && judge.get().equals(data))
            throw new IllegalArgumentException("judge is " + data + ", which is watched anyway: leave it out");
        reach.ifPresent(r -> {
            if (!(r > 0 && r <= 1)) throw new IllegalArgumentException("reach must lie in (0, 1], got " + r);
        });
        if (every < 1) throw new IllegalArgumentException("every must be at least 1, got " + every);
    }
}
