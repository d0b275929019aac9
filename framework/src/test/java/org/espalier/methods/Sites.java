package org.espalier.methods;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.espalier.engine.Axis;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.engine.Span;
import org.espalier.prune.Budget;
import org.espalier.prune.Evidence;
import org.espalier.prune.Scorer;
import org.espalier.prune.Site;
import org.espalier.prune.Statistic;

/** Weights to prune, made by hand. */
public final class Sites {
    private Sites() {}

    /** A weight matrix with the given entries. */
    public static Site.Weight weight(String name, int rows, int columns, float... values) {
        Parameter parameter = Parameter.weight(
                name + ".weight", Span.of(Axis.of(name + ".out", rows)), Span.of(Axis.of(name + ".in", columns)));
        if (values.length > 0) parameter.load(values);
        return new Site.Weight(parameter);
    }

    /** A weight matrix with normal entries. */
    public static Site.Weight random(String name, int rows, int columns, long seed) {
        float[] values = new float[rows * columns];
        RandomGenerator random = Rng.of(seed, name, 0);
        for (int i = 0; i < values.length; i++) values[i] = (float) Rng.gaussian(random);
        return weight(name, rows, columns, values);
    }

    /** What a budget would hold if {@code scorer} had scored. */
    public static Budget budget(double ratio, Budget.Of of, Scorer scorer, Site.Weight... sites) {
        Evidence evidence = evidence(Map.of());
        return new Budget(
                List.of(sites), ratio, of, scores(scorer, evidence, sites), other -> scores(other, evidence, sites));
    }

    private static List<float[]> scores(Scorer scorer, Evidence evidence, Site.Weight... sites) {
        List<float[]> scores = new ArrayList<>();
        for (Site.Weight site : sites) {
            float[] score = scorer.score(site, evidence);
            float[] mask = site.parameter().mask();
            for (int i = 0; i < score.length; i++)
                if (mask != null && mask[i] == 0f) score[i] = Float.NEGATIVE_INFINITY;
            scores.add(score);
        }
        return scores;
    }

    /** Evidence with the given gradients by layer. */
    public static Evidence evidence(Map<String, float[]> gradients) {
        return new Evidence() {
            @Override
            public float[] of(Site.Weight site, Statistic statistic) {
                return gradients.get(site.name());
            }

            @Override
            public RandomGenerator random(Site site) {
                return Rng.of(1, site.name(), 0);
            }
        };
    }
}
