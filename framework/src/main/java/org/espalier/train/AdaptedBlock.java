package org.espalier.train;

import java.util.Arrays;
import java.util.List;
import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Mask;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Submatrix;
import org.espalier.launch.Gemm;
import org.espalier.launch.Launch;

/**
 * A weight W (out, in) of which neighbouring rows or columns are trained, the rest frozen. They are a parameter of their own, so that
 * gradients and the optimiser's memory have its size alone; before each product it is written into W.
 *
 * <p>The gradient of columns is {@code gyᵀ · x} over those columns of x, and nothing else of x is kept for it; that of rows is
 * {@code gyᵀ · x} over those columns of gy, and needs all of x.
 *
 * @param block (rows, in) or (out, columns)
 * @param first the first trained row or column of W
 */
public record AdaptedBlock(Parameter weight, Parameter block, int first, boolean ofRows) implements AdaptedWeight {
    private static final long SLICE = 100_000;

    /**
     * The trained part of a weight as it is now. Its pruned entries stay zero if {@code masked}.
     *
     * @param name follows the weight's
     */
    public static AdaptedBlock of(
            Training training, Parameter weight, String name, int first, int count, boolean ofRows, boolean masked) {
        Span chosen = Span.of(Axis.of(name, count).pin());
        Parameter block = Parameter.weight(
                weight.name() + "." + name,
                ofRows ? chosen : Span.of(Axis.of(name, weight.rows()).pin()),
                ofRows ? Span.of(Axis.of(name, weight.columns()).pin()) : chosen);
        AdaptedBlock adapted = new AdaptedBlock(weight, block, first, ofRows);
        if (masked && weight.survivors() != null) block.mask(adapted.taken(weight.mask()));
        float[] now = adapted.taken(weight.value());
        training.trained(block, values -> System.arraycopy(now, 0, values, 0, now.length));
        return adapted;
    }

    private int row() {
        return ofRows ? first : 0;
    }

    private int column() {
        return ofRows ? 0 : first;
    }

    private float[] taken(float[] whole) {
        float[] part = new float[block.size()];
        Submatrix.take(part, whole, row(), column(), block.columns(), weight.columns(), 0, block.rows());
        return part;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(block);
    }

    @Override
    public Tensor forward(Graph g, Tensor x) {
        g.observed(weight, x, 1);
        int n = x.batch(), out = weight.rows(), in = weight.columns(), width = block.columns();
        Tensor y = g.tensor(weight.name() + ".out", n, new int[] {out}, Layout.ROWS, weight.rowSpan());
        g.launch(Launch.of(
                        block.name() + ".put",
                        block.rows(),
                        Submatrix::put,
                        weight.value(),
                        block.value(),
                        row(),
                        column(),
                        width,
                        in)
                .costing(width, SLICE));
        g.launch(Gemm.nt(weight.name() + ".product", y.value(), x.value(), weight.value(), n, out, in, false));
        float[] input = ofRows ? x.value() : part(g, x.value(), n, width, in);
        g.backward(y, () -> {
            gradient(g, y, input, n);
            if (x.differentiable())
                g.launch(Gemm.nn(
                        weight.name() + ".input-grad", x.grad(), y.grad(), weight.value(), n, in, out, g.keep(x) == 1));
        });
        return y;
    }

    private void gradient(Graph g, Tensor y, float[] input, int n) {
        int rows = block.rows(), columns = block.columns();
        float[] slope = ofRows ? part(g, y.grad(), n, rows, weight.rows()) : y.grad();
        g.launch(Gemm.tn(block.name() + ".grad", block.grad(), slope, input, rows, columns, n, g.keep(block) == 1));
    }

    /** The {@code count} columns from {@link #first} on of x (n, stride). */
    private float[] part(Graph g, float[] x, int n, int count, int stride) {
        float[] part = g.scratch(n * count);
        g.launch(Launch.of(block.name() + ".take", n, Submatrix::take, part, x, 0, first, count, stride)
                .costing(count, SLICE));
        return part;
    }

    /** Says that pruned weights inside the block are weights again. */
    public void fill() {
        if (weight.survivors() == null) return;
        float[] mask = weight.mask(), ones = new float[block.size()];
        Arrays.fill(ones, 1f);
        Submatrix.put(mask, ones, row(), column(), block.columns(), weight.columns(), 0, block.rows());
        weight.survive(Mask.of(mask));
    }

    @Override
    public void merge(float[] values) {
        Submatrix.put(values, block.value(), row(), column(), block.columns(), weight.columns(), 0, block.rows());
    }
}
