package org.espalier.train;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.espalier.engine.Parameter;
import org.espalier.models.Model;

/** An adaptation of weights each of which is adapted by itself. */
public record AdaptedWeights(List<AdaptedWeight> weights) implements Adaptation {
    public AdaptedWeights {
        weights = List.copyOf(weights);
    }

    /** Has each of them stand in for its weight. */
    public static AdaptedWeights inPlace(List<AdaptedWeight> weights) {
        for (AdaptedWeight adapted : weights) adapted.weight().replaceProduct(adapted);
        return new AdaptedWeights(weights);
    }

    /**
     * The weights that an adapter may stand in for: the matrices of the network's blocks.
     *
     * @param on ends of layers' names, such as {@code q_proj}; empty for all
     * @throws IllegalArgumentException if an end belongs to no layer, or a layer is a convolution
     */
    public static List<Parameter> targets(Model model, List<String> on) {
        List<Parameter> all = model.weights();
        for (String end : on)
            if (all.stream().noneMatch(w -> ends(w, end)))
                throw new IllegalArgumentException("no layer's name ends in " + end + "; there are "
                        + String.join(", ", all.stream().map(Parameter::layer).toList()));
        List<Parameter> chosen = all.stream()
                .filter(w -> on.isEmpty() || on.stream().anyMatch(end -> ends(w, end)))
                .toList();
        for (Parameter weight : chosen)
            if (weight.shape().length != 2)
                throw new IllegalArgumentException(
                        weight.layer() + " is a convolution, and adapters are for matrices; say which layers by `on`");
        return chosen;
    }

    /**
     * Refuses a rank larger than a matrix has.
     *
     * @throws IllegalArgumentException naming the layer and its shape
     */
    public static void fits(int rank, List<Parameter> weights) {
        for (Parameter weight : weights)
            if (rank > Math.min(weight.rows(), weight.columns()))
                throw new IllegalArgumentException("rank " + rank + " is more than " + weight
                        + " can have: lower it, or leave the layer out by `on`");
    }

    /** Fills an array with numbers drawn evenly from ±1/√{@code inputs}: Kaiming's way with a slope of √5. */
    public static void uniform(float[] values, int inputs, RandomGenerator random) {
        float bound = (float) (1 / Math.sqrt(inputs));
        for (int i = 0; i < values.length; i++) values[i] = bound * (2 * random.nextFloat() - 1);
    }

    /** What a map of ends of layers' names says of a weight; {@code otherwise} if nothing. */
    public static <T> T under(Parameter weight, Map<String, T> ends, T otherwise) {
        return ends.entrySet().stream()
                .filter(e -> ends(weight, e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }

    private static boolean ends(Parameter weight, String end) {
        String layer = weight.layer();
        return layer.equals(end) || layer.endsWith("." + end);
    }

    @Override
    public List<Parameter> parameters() {
        return weights.stream().flatMap(w -> w.parameters().stream()).toList();
    }

    @Override
    public void merge() {
        for (AdaptedWeight adapted : weights) {
            Parameter weight = adapted.weight();
            weight.replaceProduct(null);
            adapted.merge(weight.value());
            weight.wrote();
        }
    }
}
