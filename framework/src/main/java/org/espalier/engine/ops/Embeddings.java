package org.espalier.engine.ops;

import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Lookup;
import org.espalier.launch.Launch;
import org.espalier.launch.LookupBodies;

/** Tokens become vectors. */
public final class Embeddings {
    private static final long SLICE = 50_000;

    /** Columns of one slice of the gradient: a few cache lines of each row. */
    private static final int COLUMNS = 64;

    private Embeddings() {}

    /**
     * y (batch·length, width) = factor · the table's rows that the tokens name, sequence after sequence.
     *
     * @param tokens (batch, length) in rows: numbers of rows, as floats
     * @param table (rows, width); its gradient is added to one that an output layer tied to it has written
     */
    public static Tensor lookup(Graph g, Tensor tokens, Parameter table, float factor) {
        if (tokens.differentiable() || tokens.layout() != Layout.ROWS)
            throw new IllegalArgumentException(tokens + " are no tokens in rows");
        table.rowSpan().axis().pin();
        int n = tokens.size(), rows = table.rows(), width = table.columns();
        Tensor y = g.tensor(
                table.name() + ".rows", n, new int[] {width}, Layout.ROWS, table.columnSpan(), table.trainable());
        float[] ids = tokens.value(), values = table.value();
        g.launch(Launch.of(y.name(), n, Lookup::forward, y.value(), ids, values, width, factor)
                .withHost((f, c) -> LookupBodies.forward(y.value(), ids, values, width, factor, f, c))
                .costing(width, SLICE));
        g.backward(y, () -> {
            int keep = g.keep(table);
            g.launch(Launch.of(
                            table.name() + ".grad",
                            width,
                            Lookup::grad,
                            table.grad(),
                            y.grad(),
                            ids,
                            n,
                            rows,
                            width,
                            factor,
                            keep)
                    .withHost((f, c) ->
                            LookupBodies.grad(table.grad(), y.grad(), ids, n, rows, width, factor, keep, f, c))
                    .inSlicesOf(COLUMNS));
        });
        return y;
    }
}
