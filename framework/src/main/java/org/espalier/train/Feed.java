package org.espalier.train;

import java.util.Arrays;
import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Tensor;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;
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
    private final int perExample;
    private final int[] labels;
    private final float[] weights;

    public Feed(Device device, Graph graph, Model model, Dataset data, int batch) {
        this.device = device;
        this.data = data;
        boolean padded = model.layout() == Layout.COLUMNS && !(graph.training() && model.mixesExamples());
        int room = padded ? (batch + LANES - 1) / LANES * LANES : batch;
        this.input = graph.input("input", room, model.takes(data.shape()), model.layout());
        this.perExample = data.labels();
        this.labels = new int[room * perExample];
        this.weights = new float[room * perExample];
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
     * Assembles a batch; each label weighs what the data says, padding nothing.
     *
     * @param ids {@code ids[first] … ids[first + count − 1]} are its examples
     * @return what all labels weigh together
     */
    public double fill(int[] ids, int first, int count) {
        double total = 0;
        for (int i = 0, at = 0; i < count; i++) {
            for (int p = 0; p < perExample; p++, at++) {
                labels[at] = data.label(ids[first + i], p);
                total += weights[at] = data.weight(ids[first + i], p);
            }
        }
        Arrays.fill(labels, count * perExample, labels.length, 0);
        Arrays.fill(weights, count * perExample, weights.length, 0f);
        if (input.layout() == Layout.COLUMNS)
            device.host(count, EXAMPLES_PER_SLICE, (from, n) -> columns(ids, first, from, n));
        else device.host(count, EXAMPLES_PER_SLICE, (from, n) -> rows(ids, first, from, n));
        return total;
    }

    /** Assembles a batch whose labels weigh 1 together: the loss is a mean. */
    public void fillForMean(Batch batch) {
        int count = batch.ids().length;
        double total = fill(batch.ids(), 0, count);
        if (batch.weights() != null) {
            total = 0;
            for (int i = 0; i < count * perExample; i++) total += weights[i] = batch.weights()[i];
        }
        if (total > 0) scale(1 / total);
    }

    /** The same with all weights multiplied by {@code factor}. */
    public void fill(int[] ids, int first, int count, double factor) {
        fill(ids, first, count);
        scale(factor);
    }

    /** The same with weights whose sum is 1: the loss is a mean. */
    public void fillForMean(int[] ids, int first, int count) {
        fillForMean(new Batch(Arrays.copyOfRange(ids, first, first + count), null));
    }

    /** Says that the batch was written, before {@code plan} is run. */
    public void wrote(Plan plan) {
        plan.wrote(input.value());
        plan.wrote(labels);
        plan.wrote(weights);
    }

    private void scale(double factor) {
        for (int i = 0; i < weights.length; i++) weights[i] = (float) (weights[i] * factor);
    }

    private void rows(int[] ids, int first, int from, int count) {
        int features = input.features();
        for (int i = from; i < from + count; i++) data.copy(ids[first + i], input.value(), i * features);
    }

    private void columns(int[] ids, int first, int from, int count) {
        data.copyColumns(ids, first + from, count, input.value(), from, input.batch());
    }
}
