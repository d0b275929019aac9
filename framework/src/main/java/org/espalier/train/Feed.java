package org.espalier.train;

import java.util.Arrays;
import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Tensor;
import org.espalier.launch.Device;
import org.espalier.models.Model;

/**
 * The arrays a plan reads a batch from. Shapes are static: a batch is padded to whole vectors where examples lie
 * innermost, and padding weighs 0.
 */
public final class Feed {
    private static final int LANES = 16;
    private static final int EXAMPLES_PER_SLICE = 16;

    private final Device device;
    private final Dataset data;
    private final Tensor input;
    private final int[] labels;
    private final float[] weights;

    public Feed(Device device, Graph graph, Model model, Dataset data, int batch) {
        this.device = device;
        this.data = data;
        boolean padded = model.layout() == Layout.COLUMNS && !(graph.training() && model.mixesExamples());
        int room = padded ? (batch + LANES - 1) / LANES * LANES : batch;
        this.input = graph.input("input", room, model.inputShape(), model.layout());
        this.labels = new int[room];
        this.weights = new float[room];
    }

    public Tensor input() {
        return input;
    }

    public int[] labels() {
        return labels;
    }

    public float[] weights() {
        return weights;
    }

    /**
     * Assembles a batch.
     *
     * @param ids {@code ids[first] … ids[first + count − 1]} are its examples
     * @param weight what each of them weighs
     */
    public void fill(int[] ids, int first, int count, float weight) {
        int room = labels.length;
        for (int i = 0; i < count; i++) labels[i] = data.label(ids[first + i]);
        Arrays.fill(labels, count, room, 0);
        Arrays.fill(weights, 0, count, weight);
        Arrays.fill(weights, count, room, 0f);
        if (input.layout() == Layout.COLUMNS)
            device.host(count, EXAMPLES_PER_SLICE, (from, n) -> columns(ids, first, from, n));
        else device.host(count, EXAMPLES_PER_SLICE, (from, n) -> rows(ids, first, from, n));
    }

    private void rows(int[] ids, int first, int from, int count) {
        int features = input.features();
        for (int i = from; i < from + count; i++) data.copy(ids[first + i], input.value(), i * features);
    }

    private void columns(int[] ids, int first, int from, int count) {
        data.copyColumns(ids, first + from, count, input.value(), from, input.batch());
    }
}
