package org.espalier.prune;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.kernels.TokenSums;
import org.espalier.launch.Gemm;
import org.espalier.launch.Launch;
import org.espalier.launch.Plan;
import org.espalier.launch.TokenSumsBodies;

/**
 * Statistics of what enters the weights of one block, gathered by launches among the block's own: no pass of their own. Weights that
 * share an input share its statistics.
 */
final class InputStatistics {
    /** Numbers summed by one slice. */
    private static final long SLICE = 100_000;

    private final Set<Statistic> wanted;
    private final Set<Parameter> weights = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Parameter, Sums> sums = new IdentityHashMap<>();

    /** Sums over all tokens seen so far; null what is not wanted. */
    private record Sums(float[] squares, float[] sums, float[] between, float[] gram) {}

    /** @param weights those to watch; others are passed over */
    InputStatistics(Set<Statistic> wanted, Collection<Parameter> weights) {
        this.wanted = wanted;
        this.weights.addAll(weights);
    }

    /**
     * Watches a graph that is about to be traced.
     *
     * @param length tokens of one example
     * @return the launches that gather, which appear among the graph's as it is traced
     */
    Set<Launch> watch(Graph graph, int length) {
        Set<Launch> gathering = Collections.newSetFromMap(new IdentityHashMap<>());
        Map<Tensor, Sums> seen = new IdentityHashMap<>();
        graph.observe((g, weight, input, positions) -> {
            if (!weights.contains(weight)) return;
            if (weight.shape().length > 2)
                throw new PruningException(
                        weight.name() + " is a convolution: what enters its weights is not gathered (" + wanted
                                + "); skip it, or use a score of weights or gradients");
            Sums known = seen.get(input);
            if (known == null) {
                known = sums.computeIfAbsent(weight, w -> empty(w.columns()));
                seen.put(input, known);
                for (Launch launch : launches(weight.name(), input, known, length)) {
                    gathering.add(launch);
                    g.launch(launch);
                }
            }
            sums.put(weight, known);
        });
        return gathering;
    }

    private Sums empty(int columns) {
        boolean squares = wanted.contains(Statistic.INPUT_SQUARES) || wanted.contains(Statistic.INPUT_VARIANCE);
        boolean means = wanted.contains(Statistic.INPUT_MEAN) || wanted.contains(Statistic.INPUT_VARIANCE);
        return new Sums(
                squares ? new float[columns] : null,
                means ? new float[columns] : null,
                means ? new float[columns] : null,
                wanted.contains(Statistic.GRAM) ? new float[Math.multiplyExact(columns, columns)] : null);
    }

    private static List<Launch> launches(String name, Tensor x, Sums to, int length) {
        List<Launch> launches = new ArrayList<>();
        int n = x.features(), tokens = x.batch(), sequences = tokens / length;
        int perFeature = x.featureStride(), perToken = x.exampleStride();
        if (to.squares != null)
            launches.add(Launch.of(
                            name + ".input-squares",
                            n,
                            TokenSums::squares,
                            to.squares,
                            x.value(),
                            sequences,
                            length,
                            perFeature,
                            perToken)
                    .withHost((f, c) -> TokenSumsBodies.squares(
                            to.squares, x.value(), sequences, length, perFeature, perToken, f, c))
                    .costing(tokens, SLICE));
        if (to.sums != null)
            launches.add(Launch.of(
                            name + ".input-sums",
                            n,
                            TokenSums::sums,
                            to.sums,
                            to.between,
                            x.value(),
                            sequences,
                            length,
                            perFeature,
                            perToken)
                    .withHost((f, c) -> TokenSumsBodies.sums(
                            to.sums, to.between, x.value(), sequences, length, perFeature, perToken, f, c))
                    .costing(tokens, SLICE));
        if (to.gram != null)
            launches.add(
                    x.layout() == Layout.ROWS
                            ? Gemm.tn(name + ".gram", to.gram, x.value(), x.value(), n, n, tokens, true)
                            : Gemm.nt(name + ".gram", to.gram, x.value(), x.value(), n, n, tokens, true));
        return launches;
    }

    /** Says that the host is about to read what a plan has gathered. */
    void read(Plan plan) {
        for (Sums s : sums.values())
            for (float[] array : new float[][] {s.squares, s.sums, s.between, s.gram})
                if (array != null) plan.read(array);
    }

    /** The statistics as methods see them, after {@code examples} of {@code length} tokens each. */
    Map<Parameter, Map<Statistic, float[]>> finished(int examples, int length) {
        Map<Sums, Map<Statistic, float[]>> done = new IdentityHashMap<>();
        Map<Parameter, Map<Statistic, float[]>> all = new IdentityHashMap<>();
        sums.forEach((weight, s) -> all.put(weight, done.computeIfAbsent(s, t -> finished(t, examples, length))));
        for (Parameter weight : weights)
            if (!all.containsKey(weight))
                throw new PruningException(weight.name() + " was never multiplied with anything in its block");
        return all;
    }

    private Map<Statistic, float[]> finished(Sums s, int examples, int length) {
        Map<Statistic, float[]> done = new java.util.EnumMap<>(Statistic.class);
        double tokens = (double) examples * length;
        if (wanted.contains(Statistic.INPUT_SQUARES))
            done.put(Statistic.INPUT_SQUARES, scaled(s.squares, 1.0 / examples));
        if (wanted.contains(Statistic.INPUT_MEAN)) done.put(Statistic.INPUT_MEAN, scaled(s.sums, 1 / tokens));
        if (wanted.contains(Statistic.INPUT_VARIANCE)) done.put(Statistic.INPUT_VARIANCE, variance(s, tokens, length));
        if (wanted.contains(Statistic.GRAM)) done.put(Statistic.GRAM, scaled(s.gram, 2.0 / examples));
        return done;
    }

    private static float[] variance(Sums s, double tokens, int length) {
        float[] variance = new float[s.squares.length];
        for (int i = 0; i < variance.length; i++) {
            double between = length > 1 ? s.between[i] / length : s.sums[i] / tokens * s.sums[i];
            variance[i] = (float) Math.max(0, (s.squares[i] - between) / tokens);
        }
        return variance;
    }

    private static float[] scaled(float[] x, double by) {
        float[] y = new float[x.length];
        for (int i = 0; i < y.length; i++) y[i] = (float) (x[i] * by);
        return y;
    }
}
