package org.espalier.train;

import java.util.List;
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
public final class RowLengths implements AdaptedWeight {
    private final LowRank pair;
    private final Parameter magnitude;
    private final float[] squares;
    private final float[] norm;
    private final float[] ratio;
    private final float[] inverse;

    private RowLengths(LowRank pair) {
        this.pair = pair;
        int out = pair.weight().rows();
        this.magnitude = Parameter.vector(
                pair.weight().layer() + ".lora_magnitude_vector",
                Parameter.Kind.SCALE,
                pair.weight().rowSpan());
        this.squares = squares(pair.weight().value(), pair.weight());
        this.norm = new float[out];
        this.ratio = new float[out];
        this.inverse = new float[out];
    }

    /** Begins with the lengths that the rows have, so that nothing changes at first. */
    public static RowLengths beside(Training training, LowRank pair) {
        RowLengths lengths = new RowLengths(pair);
        training.trained(lengths.magnitude, values -> {
            lengths.measure(launch -> launch.host().run(0, launch.extent()), size -> new float[size]);
            System.arraycopy(lengths.norm, 0, values, 0, values.length);
        });
        return lengths;
    }

    public Parameter magnitude() {
        return magnitude;
    }

    @Override
    public Parameter weight() {
        return pair.weight();
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(pair.a(), pair.b(), magnitude);
    }

    @Override
    public Tensor forward(Graph g, Tensor x) {
        measure(g::launch, g::scratch);
        return Thin.diagonal(g, pair.forward(g, x), magnitude, ratio, inverse, 1f);
    }

    private void measure(Consumer<Launch> to, Graph.Memory memory) {
        Parameter w = pair.weight();
        float[] a = pair.a().value(), b = pair.b().value(), m = magnitude.value();
        int out = w.rows(), in = w.columns(), rank = pair.rank();
        float[] cross = memory.array(out * rank), gram = memory.array(rank * rank);
        String name = magnitude.name();
        to.accept(Gemm.nt(name + ".cross", cross, w.value(), a, out, rank, in, false));
        to.accept(Gemm.nt(name + ".gram", gram, a, a, rank, rank, in, false));
        to.accept(Launch.of(name + ".norm", out, AdaptedNorms::rows, norm, squares, b, cross, gram, pair.factor(), rank)
                .costing((long) rank * rank, 40_000));
        to.accept(Launch.of(name + ".ratio", out, AdaptedNorms::ratios, ratio, inverse, m, norm));
    }

    @Override
    public void merge(float[] values) {
        pair.merge(values);
        float[] squares = squares(values, pair.weight()), m = magnitude.value();
        int in = pair.weight().columns();
        for (int o = 0; o < squares.length; o++) {
            if (squares[o] == 0) continue;
            float stretch = m[o] / (float) Math.sqrt(squares[o]); // 1 where nothing was trained
            for (int i = o * in; i < (o + 1) * in; i++) values[i] *= stretch;
        }
    }

    private static float[] squares(float[] values, Parameter w) {
        float[] squares = new float[w.rows()];
        int in = w.columns();
        for (int o = 0; o < squares.length; o++) {
            double sum = 0;
            for (int i = o * in; i < (o + 1) * in; i++) sum += (double) values[i] * values[i];
            squares[o] = (float) sum;
        }
        return squares;
    }
}
