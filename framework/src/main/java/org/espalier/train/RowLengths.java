package org.espalier.train;

import java.util.function.Consumer;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Thin;
import org.espalier.kernels.AdaptedNorms;
import org.espalier.launch.Gemm;
import org.espalier.launch.Launch;

/**
 * The lengths of the rows of W + s·B·A, trained apart from their directions: y = m / ‖W + s·B·A‖ · (W + s·B·A)·x, where the norm
 * passes no gradient on ("DoRA: Weight-Decomposed Low-Rank Adaptation", 2024, sections 4.1 and 4.3).
 */
public final class RowLengths {
    private final LowRank pair;
    private final float factor;
    private final Parameter magnitude;
    private final float[] squares;
    private final float[] norm;
    private final float[] ratio;
    private final float[] inverse;

    private RowLengths(LowRank pair, float factor) {
        this.pair = pair;
        this.factor = factor;
        int out = pair.weight().rows();
        this.magnitude = Parameter.vector(
                Targets.layer(pair.weight()) + ".lora_magnitude_vector",
                Parameter.Kind.SCALE,
                pair.weight().rowSpan());
        this.squares = squares(pair.weight());
        this.norm = new float[out];
        this.ratio = new float[out];
        this.inverse = new float[out];
    }

    /** Begins with the lengths that the rows have, so that nothing changes at first. */
    public static RowLengths beside(Training training, LowRank pair, float factor) {
        RowLengths lengths = new RowLengths(pair, factor);
        training.trained(lengths.magnitude, values -> {
            lengths.measure(launch -> launch.host().run(0, launch.extent()), size -> new float[size]);
            System.arraycopy(lengths.norm, 0, values, 0, values.length);
        });
        return lengths;
    }

    public Parameter magnitude() {
        return magnitude;
    }

    public Tensor forward(Graph g, Tensor x) {
        measure(g::launch, g::scratch);
        return Thin.diagonal(g, pair.forward(g, x, factor), magnitude, ratio, inverse, 1f);
    }

    private void measure(Consumer<Launch> to, Graph.Memory memory) {
        Parameter w = pair.weight();
        float[] a = pair.a().value(), b = pair.b().value(), m = magnitude.value();
        int out = w.rows(), in = w.columns(), rank = pair.rank();
        float[] cross = memory.array(out * rank), gram = memory.array(rank * rank);
        String name = magnitude.name();
        to.accept(Gemm.nt(name + ".cross", cross, w.value(), a, out, rank, in, false));
        to.accept(Gemm.nt(name + ".gram", gram, a, a, rank, rank, in, false));
        to.accept(Launch.of(name + ".norm", out, AdaptedNorms::rows, norm, squares, b, cross, gram, factor, rank)
                .costing((long) rank * rank, 40_000));
        to.accept(Launch.of(name + ".ratio", out, AdaptedNorms::ratios, ratio, inverse, m, norm));
    }

    /** W becomes m / ‖W + s·B·A‖ · (W + s·B·A). */
    public void merge() {
        pair.merge(factor);
        Parameter w = pair.weight();
        float[] values = w.value(), squares = squares(w), m = magnitude.value();
        int in = w.columns();
        for (int o = 0; o < w.rows(); o++) {
            if (squares[o] == 0) continue;
            float stretch = (float) (m[o] / Math.sqrt(squares[o]));
            for (int i = o * in; i < (o + 1) * in; i++) values[i] *= stretch;
        }
        w.wrote();
    }

    private static float[] squares(Parameter w) {
        float[] values = w.value(), squares = new float[w.rows()];
        int in = w.columns();
        for (int o = 0; o < squares.length; o++) {
            double sum = 0;
            for (int i = o * in; i < (o + 1) * in; i++) sum += (double) values[i] * values[i];
            squares[o] = (float) sum;
        }
        return squares;
    }
}
