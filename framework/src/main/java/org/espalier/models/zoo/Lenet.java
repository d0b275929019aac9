package org.espalier.models.zoo;

import java.util.ArrayList;
import java.util.List;
import org.espalier.engine.Axis;
import org.espalier.engine.Layout;
import org.espalier.engine.Span;
import org.espalier.engine.ops.Activations;
import org.espalier.models.Init;
import org.espalier.models.Layer;
import org.espalier.models.Linear;
import org.espalier.models.Model;
import org.espalier.models.Network;
import org.espalier.models.Zoo;
import org.espalier.spec.Default;

/**
 * A perceptron with rectified hidden layers; LeNet-300-100 (LeCun et al. 1998) by default. It flattens its input: an example is
 * {@code (features)}, whatever shape the data has. Layers are called fc1, fc2, … and output.
 *
 * @param hidden the sizes of the hidden layers, none for a linear classifier
 */
public record Lenet(
        @Default("[300, 100]") List<Integer> hidden,
        @Default("glorot-normal") Init init) implements Zoo {
    public Lenet {
        hidden = List.copyOf(hidden);
        for (int size : hidden)
            if (size < 1) throw new IllegalArgumentException("a hidden layer needs at least one unit, got " + size);
    }

    @Override
    public Model build(int[] input, int classes, long seed) {
        int features = 1;
        for (int d : input) features = Math.multiplyExact(features, d);
        List<Layer> layers = new ArrayList<>();
        Span span = Span.of(Axis.of("input", features).pin());
        for (int size : hidden) {
            Linear layer = Linear.of("fc" + (layers.size() / 2 + 1), span, size);
            layers.add(layer);
            layers.add(Activations::relu);
            span = layer.out();
        }
        layers.add(Linear.of("output", span, classes));
        return Network.of(new int[] {features}, classes, Layout.COLUMNS, layers).initialised(init, seed);
    }
}
