package org.espalier.models.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.espalier.data.pretrained.PeftAdapter;
import org.espalier.data.pretrained.PeftFolder;
import org.espalier.engine.Parameter;
import org.espalier.launch.Blas;
import org.espalier.models.Model;

/** An adapter's files made part of a network's weights. */
public final class AdapterFile {
    private AdapterFile() {}

    /**
     * Asks whether the adapter in a folder belongs to a network, whose weights need not be there.
     *
     * @throws IllegalArgumentException if not: a layer is not there, or of another shape
     */
    public static void check(Path folder, Model model) throws IOException {
        for (PeftAdapter.Layer layer : PeftFolder.read(folder).layers()) weights(folder, layer, model);
    }

    /**
     * Reads the adapter in a folder, as peft saves them, and merges it. Nothing of the weights that it changes is pruned afterwards.
     *
     * @throws IllegalArgumentException if it belongs to another network, before any weight is changed
     */
    public static void merge(Path folder, Model model) throws IOException {
        PeftAdapter adapter = PeftFolder.read(folder);
        for (PeftAdapter.Layer layer : adapter.layers()) weights(folder, layer, model);
        for (PeftAdapter.Layer layer : adapter.layers()) merge(adapter, layer, weights(folder, layer, model));
    }

    /** The weight beside which a layer of the adapter stands; of a layer that is several here, as GPT-2's attention, all of them in order. */
    private static List<Parameter> weights(Path folder, PeftAdapter.Layer layer, Model model) {
        List<Parameter> own = named(model, layer.module() + ".weight");
        if (own.isEmpty())
            own = model.weights().stream()
                    .filter(w -> w.name().startsWith(layer.module() + "."))
                    .toList();
        if (own.isEmpty())
            throw new IllegalArgumentException(
                    "the adapter in " + folder + " is for another network: there is no layer "
                            + layer.module() + " among "
                            + model.weights().stream()
                                    .map(w -> w.name().replaceFirst("\\.weight$", ""))
                                    .toList());
        int rows = own.stream().mapToInt(Parameter::rows).sum(),
                columns = own.getFirst().columns();
        if (rows != layer.out() || columns != layer.in() || own.getFirst().shape().length != 2)
            throw new IllegalArgumentException("the adapter in " + folder + " does not fit this network: "
                    + layer.module() + " is (" + layer.out() + ", " + layer.in() + ") for the adapter and "
                    + (own.size() == 1
                            ? Arrays.toString(own.getFirst().shape())
                                    .replace('[', '(')
                                    .replace(']', ')')
                            : "(" + rows + ", " + columns + ")")
                    + " in the network, which may have been cut");
        return own;
    }

    private static List<Parameter> named(Model model, String name) {
        return model.weights().stream().filter(w -> w.name().equals(name)).toList();
    }

    private static void merge(PeftAdapter adapter, PeftAdapter.Layer layer, List<Parameter> weights) {
        float[] a = layer.weighedA(), b = layer.b().clone();
        float factor = (float) adapter.factor(layer);
        for (int i = 0; i < b.length; i++) b[i] *= factor;
        int in = layer.in(), ranks = layer.ranks(), row = 0;
        for (Parameter weight : weights) {
            weight.survive(null);
            float[] values = weight.value();
            int out = weight.rows();
            if (ranks > 0)
                Blas.product(false, false, out, in, ranks, b, row * ranks, ranks, a, 0, in, 1f, values, 0, in);
            if (layer.magnitude().isPresent()) stretch(values, layer.magnitude().get(), row, out, in);
            weight.wrote();
            row += out;
        }
    }

    /** Gives each row the length that the adapter says. */
    private static void stretch(float[] values, float[] lengths, int row, int out, int in) {
        for (int o = 0; o < out; o++) {
            double sum = 0;
            for (int i = o * in; i < (o + 1) * in; i++) sum += (double) values[i] * values[i];
            if (sum == 0) continue;
            float times = (float) (lengths[row + o] / Math.sqrt(sum));
            for (int i = o * in; i < (o + 1) * in; i++) values[i] *= times;
        }
    }
}
