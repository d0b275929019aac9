package org.espalier.methods;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.espalier.engine.Axis;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.engine.Span;
import org.espalier.prune.Budget;
import org.espalier.prune.Cut;
import org.espalier.prune.Evidence;
import org.espalier.prune.Recipe;
import org.espalier.prune.Scorer;
import org.espalier.prune.Site;
import org.espalier.prune.Statistic;
import org.espalier.prune.Survey;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;

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

    /** What a budget would hold if {@code scorer} had scored; every site is a block. */
    public static Budget budget(double ratio, Budget.Of of, Scorer scorer, Site.Weight... sites) {
        List<List<Integer>> blocks =
                IntStream.range(0, sites.length).mapToObj(List::of).toList();
        return new Budget(List.of(sites), blocks, ratio, of, new Looked(scorer, evidence(Map.of()), List.of(sites)));
    }

    /** A survey of weights: every column has seen the same inputs, losses follow from the weights, blocks resemble each other by chance. */
    private record Looked(Scorer scorer, Evidence evidence, List<Site.Weight> sites) implements Survey {
        @Override
        public List<float[]> scores() {
            return scores(scorer);
        }

        @Override
        public List<float[]> scores(Scorer by) {
            return Sites.scores(by, evidence, sites.toArray(Site.Weight[]::new));
        }

        @Override
        public void evidence(Visitor visitor) {
            for (int i = 0; i < sites.size(); i++) visitor.block(List.of(i), evidence);
        }

        @Override
        public List<double[]> inputProducts() {
            return IntStream.range(0, sites.size())
                    .mapToObj(i -> {
                        double a = i + 1, b = 2 * i - 1;
                        return new double[] {a * a, a * b, a * b, b * b};
                    })
                    .toList();
        }

        @Override
        public Probe probe() {
            return new Probe() {
                @Override
                public int batches() {
                    return 2;
                }

                @Override
                public double loss(int batch, Site.Weight site, float[] values) {
                    double sum = batch;
                    for (float v : values) sum += v;
                    return sum;
                }
            };
        }

        @Override
        public RandomGenerator random(Site site) {
            return Rng.of(2, site.name(), 0);
        }
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

    /** Statistics of one example whose tokens are the rows of {@code x} (tokens, columns), for every layer. */
    public static Evidence seen(int columns, float... x) {
        int tokens = x.length / columns;
        float[] squares = new float[columns], mean = new float[columns], variance = new float[columns];
        float[] gram = new float[columns * columns];
        for (int a = 0; a < columns; a++) {
            double sum = 0;
            for (int b = 0; b < columns; b++) {
                double product = 0;
                for (int t = 0; t < tokens; t++) product += (double) x[t * columns + a] * x[t * columns + b];
                gram[a * columns + b] = (float) (2 * product);
            }
            for (int t = 0; t < tokens; t++) sum += x[t * columns + a];
            squares[a] = gram[a * columns + a] / 2;
            mean[a] = (float) (sum / tokens);
            variance[a] = squares[a] / tokens - mean[a] * mean[a];
        }
        return evidence(
                tokens, Map.of("INPUT_SQUARES", squares, "INPUT_MEAN", mean, "INPUT_VARIANCE", variance, "GRAM", gram));
    }

    /** Evidence with the given statistics for every layer, by their names. */
    public static Evidence evidence(int length, Map<String, float[]> statistics) {
        Evidence other = evidence(Map.of());
        return new Evidence() {
            @Override
            public float[] of(Site.Weight site, Statistic statistic) {
                float[] given = statistics.get(statistic.name());
                return given != null ? given : other.of(site, statistic);
            }

            @Override
            public RandomGenerator random(Site site) {
                return other.random(site);
            }

            @Override
            public int length() {
                return length;
            }
        };
    }

    /** A weight in the middle of pruning: masked by score and pattern, not yet refined. */
    public static Cut cut(Site.Weight site, String recipe, Evidence evidence, Parameter... bias) {
        Recipe bound = Binder.bind(Recipe.class, Yaml.parse(recipe, "test"));
        bound.check();
        double density = 1 - bound.ratio().orElseThrow();
        float[] score = bound.score().score(site, evidence);
        int rows = site.parameter().rows(), columns = site.parameter().columns();
        boolean[] mask = bound.pattern().mask(score, rows, columns, density);
        return new Cut(site, Arrays.stream(bias).findFirst(), bound, evidence, score, density, mask);
    }

    /** What a statistic is where nothing else was given: inputs of ones. */
    private static float[] plain(Parameter weight, Statistic statistic) {
        int columns = weight.columns();
        boolean gram = statistic == Statistic.GRAM;
        boolean inputs = statistic.name().startsWith("INPUT");
        float[] ones = new float[gram ? columns * columns : inputs ? columns : weight.size()];
        if (gram) for (int c = 0; c < columns; c++) ones[c * columns + c] = 1;
        else Arrays.fill(ones, 1f);
        return ones;
    }

    /** Evidence with the given statistics, by {@code layer/STATISTIC} or, whatever is asked for, by layer; ones otherwise. */
    public static Evidence evidence(Map<String, float[]> gradients) {
        return new Evidence() {
            @Override
            public float[] of(Site.Weight site, Statistic statistic) {
                float[] given = gradients.get(site.name() + "/" + statistic);
                if (given == null) given = gradients.get(site.name());
                return given != null ? given : plain(site.parameter(), statistic);
            }

            @Override
            public RandomGenerator random(Site site) {
                return Rng.of(1, site.name(), 0);
            }
        };
    }
}
