package org.espalier.methods.select;

import java.util.random.RandomGenerator;
import org.espalier.select.Candidates;
import org.espalier.select.Ranking;
import org.espalier.select.Selection;
import org.espalier.select.Selector;

/** Any examples, each as likely as the others, none twice: the control at equal budget. */
public record AtRandom() implements Selector {
    @Override
    public Selection select(Candidates pool) {
        double[] scores = new double[pool.data().size()];
        RandomGenerator random = pool.random("at-random", 0);
        for (int i = 0; i < scores.length; i++) scores[i] = random.nextDouble();
        return new Selection(
                Ranking.highest(scores, pool.keep(), 0),
                scores,
                "the " + pool.keep() + " of " + scores.length + " that drew the highest numbers");
    }
}
