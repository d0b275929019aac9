package org.espalier.prune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.launch.Blas;
import org.espalier.launch.Device;
import org.espalier.models.Entrance;
import org.espalier.models.Model;

/**
 * The calibration examples on their way through the network: what enters the next block, batch by batch. How they are batched follows
 * from their size alone.
 */
final class HiddenStates {
    /** Numbers of one batch's examples: enough to keep products busy, few enough that a block's activations stay small. */
    private static final int NUMBERS = 1 << 20;

    private static final int MOST = 500;

    /** Tokens of one batch of sequences: statistics are summed batch by batch, and short sums round less. */
    private static final int TOKENS = 512;

    private final List<float[]> batches = new ArrayList<>();
    private final List<Integer> examples = new ArrayList<>();
    private final int length;
    private Layout layout;
    private int[] shape;
    private Span span;

    /** Leads the examples to where the blocks begin: through the embedding of a language model. */
    HiddenStates(Device device, Model model, Dataset data, int[] ids) {
        int size = Math.min(ids.length, batch(model, data));
        int tokens = 1;
        Tensor input = null;
        Entrance entrance = null;
        Supplier<float[]> entering = null;
        for (int first = 0; first < ids.length; first += size) {
            int count = Math.min(size, ids.length - first);
            if (input == null || input.batch() != count) {
                Graph graph = Graph.forCalibration();
                input = input(graph, model, data, count);
                entrance = model.entrance(graph, input);
                tokens = entrance.entered().batch() / count;
                entering = entrance.on(device);
            }
            fill(device, data, ids, first, count, input);
            batches.add(entering.get());
            examples.add(count);
        }
        this.length = tokens;
        become(entrance.entered());
    }

    /** Examples per batch. */
    private static int batch(Model model, Dataset data) {
        Graph graph = Graph.forCalibration();
        Tensor one = model.entrance(graph, input(graph, model, data, 1)).entered();
        int most = one.batch() == 1 ? MOST : TOKENS / one.batch();
        return Math.clamp(NUMBERS / Math.max(one.size(), data.features()), 1, Math.max(1, most));
    }

    private static Tensor input(Graph graph, Model model, Dataset data, int count) {
        return graph.input("input", count, model.takes(data.shape()), model.layout());
    }

    private static void fill(Device device, Dataset data, int[] ids, int first, int count, Tensor input) {
        int features = input.features();
        if (input.layout() == Layout.COLUMNS)
            device.host(
                    count, 16, (from, n) -> data.copyColumns(ids, first + from, n, input.value(), from, input.batch()));
        else
            device.host(count, 16, (from, n) -> {
                for (int i = from; i < from + n; i++) data.copy(ids[first + i], input.value(), i * features);
            });
    }

    private void become(Tensor x) {
        layout = x.layout();
        shape = x.shape();
        span = x.span();
    }

    /** Tokens of one example. */
    int length() {
        return length;
    }

    /** All examples. */
    int examples() {
        return examples.stream().mapToInt(Integer::intValue).sum();
    }

    /** How many batches there are. */
    int batches() {
        return batches.size();
    }

    /** Examples of one batch. */
    int examples(int batch) {
        return examples.get(batch);
    }

    /** A tensor for one batch, tied to the axis that the previous block left. */
    Tensor tensor(Graph graph, String name, int examples) {
        return graph.tensor(name, examples * length, shape, layout, span);
    }

    /** Copies one batch into a tensor. */
    void put(int batch, Tensor into) {
        System.arraycopy(batches.get(batch), 0, into.value(), 0, into.size());
    }

    /** Takes over what has become of one batch. */
    void take(int batch, Tensor from) {
        float[] held = batches.get(batch);
        if (held.length == from.size()) System.arraycopy(from.value(), 0, held, 0, held.length);
        else batches.set(batch, from.value().clone());
    }

    /** Says that all batches were replaced by tensors of this form. */
    void moved(Tensor form) {
        become(form);
    }

    /** Inner products (examples, examples) of whole examples. */
    double[] products() {
        int n = examples();
        double[] products = new double[n * n];
        int row = 0;
        for (int a = 0; a < batches.size(); a++) {
            int column = 0;
            for (int b = 0; b < batches.size(); b++) {
                block(products, n, row, column, a, b);
                column += examples.get(b);
            }
            row += examples.get(a);
        }
        return products;
    }

    private void block(double[] products, int n, int row, int column, int a, int b) {
        int rows = examples.get(a), columns = examples.get(b);
        float[] x = batches.get(a), y = batches.get(b), c = new float[rows * columns];
        int k = x.length / rows;
        boolean inRows = layout == Layout.ROWS;
        Blas.product(
                !inRows,
                inRows,
                rows,
                columns,
                k,
                x,
                0,
                inRows ? k : rows,
                y,
                0,
                inRows ? k : columns,
                0f,
                c,
                0,
                columns);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) products[(row + i) * n + column + j] = c[i * columns + j];
    }

    @Override
    public String toString() {
        return examples() + " examples of " + length + " × " + Arrays.toString(shape);
    }
}
