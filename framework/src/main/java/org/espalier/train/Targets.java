package org.espalier.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.espalier.engine.Parameter;
import org.espalier.models.Block;
import org.espalier.models.Model;

/** Which weight matrices an adapter stands beside. Layers are called by the last words of their names, as {@code q_proj} or {@code mlp.up_proj}. */
public final class Targets {
    private static final String WEIGHT = ".weight";

    private Targets() {}

    /**
     * The matrices of these layers, in the network's order; without names all those of its blocks.
     *
     * @throws IllegalArgumentException if a name fits no layer, saying which there are, or one whose weight is no matrix
     */
    public static List<Parameter> of(Model model, List<String> on) {
        List<Parameter> found = new ArrayList<>();
        if (on.isEmpty()) {
            for (Block block : model.blocks())
                block.weights().stream().filter(Targets::isMatrix).forEach(found::add);
            if (found.isEmpty()) throw new IllegalArgumentException("the network has no weight matrices to adapt");
            return List.copyOf(found);
        }
        Set<String> unknown = new TreeSet<>(on);
        for (Parameter weight : model.weights()) {
            List<String> fitting =
                    on.stream().filter(name -> fits(weight, name)).toList();
            if (fitting.isEmpty()) continue;
            unknown.removeAll(fitting);
            if (!isMatrix(weight))
                throw new IllegalArgumentException(
                        "on: " + weight + " is no matrix; what adapts it needs one with two dimensions");
            found.add(weight);
        }
        if (!unknown.isEmpty())
            throw new IllegalArgumentException("on: no layer is called " + String.join(" or ", unknown) + "; there are "
                    + String.join(", ", names(model)));
        return List.copyOf(found);
    }

    /** Whether a layer is called so. */
    public static boolean fits(Parameter weight, String name) {
        String layer = layer(weight);
        return layer.equals(name) || layer.endsWith("." + name);
    }

    /** What stands in a map of names of layers for this weight; {@code otherwise} if nothing does. */
    public static <T> T under(Parameter weight, Map<String, T> pattern, T otherwise) {
        for (Map.Entry<String, T> entry : pattern.entrySet()) if (fits(weight, entry.getKey())) return entry.getValue();
        return otherwise;
    }

    /** The name of a weight's layer. */
    public static String layer(Parameter weight) {
        String name = weight.name();
        return name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name;
    }

    private static boolean isMatrix(Parameter weight) {
        return weight.shape().length == 2;
    }

    private static Set<String> names(Model model) {
        Set<String> names = new TreeSet<>();
        for (Parameter weight : model.weights()) {
            String layer = layer(weight);
            names.add(layer.substring(layer.lastIndexOf('.') + 1));
        }
        return names;
    }
}
