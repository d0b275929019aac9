package org.espalier.measure;

import java.util.ArrayList;
import java.util.List;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.TiledLoss;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;

/**
 * The head of a language model whose weights lie in files: it is read slice by slice, and each slice meets all tokens at hand before the
 * next one takes its place.
 *
 * @param tokens of a batch
 * @param most classes of a slice: whole tiles of {@link TiledLoss}
 */
record SlicedHead(Device device, Parameter head, int tokens, int most) {
    /** Floats of a slice at least; where memory is larger, a sixty-fourth of it. */
    private static final long LEAST = 1 << 22;

    private static final int SHARE = 64;

    private record Slice(int classes, Tensor hidden, int[] labels, float[] parts, Plan plan) {}

    /** In slices that memory has room for. */
    SlicedHead(Device device, Parameter head, int tokens) {
        this(device, head, tokens, classes(head));
    }

    private static int classes(Parameter head) {
        long room = Math.max(LEAST, Runtime.getRuntime().maxMemory() / SHARE / Float.BYTES);
        long tiles = Math.max(1, room / head.columns() / TiledLoss.TILE);
        return (int) Math.min(head.rows(), tiles * TiledLoss.TILE);
    }

    /** How many of the head's entries are in memory at a time. */
    static long held(Parameter head) {
        return (long) classes(head) * head.columns();
    }

    /**
     * What {@link TiledLoss} keeps of each batch.
     *
     * @param hidden of each batch what the head sees, (tokens, width)
     * @param labels of each batch the tokens' classes
     */
    List<float[]> scan(List<float[]> hidden, List<int[]> labels) {
        List<float[]> all = new ArrayList<>();
        for (int b = 0; b < hidden.size(); b++) all.add(new float[TiledLoss.kept(tokens, head.rows())]);
        float[] rows = new float[Math.min(most, head.rows()) * head.columns()];
        Slice slice = null;
        for (int first = 0; first < head.rows(); first += most) {
            int classes = Math.min(most, head.rows() - first);
            if (slice == null || slice.classes != classes) slice = trace(rows, classes);
            head.rows(first, classes, rows, 0);
            slice.plan.wrote(rows);
            for (int b = 0; b < hidden.size(); b++) {
                see(slice, first, hidden.get(b), labels.get(b));
                TiledLoss.put(slice.parts, tokens, first, all.get(b));
            }
        }
        return all;
    }

    private Slice trace(float[] rows, int classes) {
        Graph graph = Graph.forEvaluation();
        Tensor hidden = graph.tensor("hidden", tokens, new int[] {head.columns()}, Layout.ROWS, head.columnSpan());
        int[] labels = new int[tokens];
        float[] parts = TiledLoss.scan(graph, hidden, rows, classes, labels);
        return new Slice(classes, hidden, labels, parts, device.compile(graph.launches()));
    }

    private static void see(Slice slice, int first, float[] hidden, int[] labels) {
        System.arraycopy(hidden, 0, slice.hidden.value(), 0, hidden.length);
        for (int t = 0; t < labels.length; t++) slice.labels[t] = labels[t] - first;
        slice.plan.wrote(slice.hidden.value());
        slice.plan.wrote(slice.labels);
        slice.plan.run();
        slice.plan.read(slice.parts);
    }
}
