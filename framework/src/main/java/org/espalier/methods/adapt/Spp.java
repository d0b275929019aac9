package org.espalier.methods.adapt;

import java.util.List;
import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Rescale;
import org.espalier.launch.Gemm;
import org.espalier.launch.Launch;
import org.espalier.models.Model;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;
import org.espalier.train.Adaptation;
import org.espalier.train.AdaptedWeight;
import org.espalier.train.AdaptedWeights;
import org.espalier.train.Adapter;
import org.espalier.train.Training;

/**
 * Scales the surviving weights: W · (1 + alpha/rank · a·c), with a factor c for each row and {@code rank} rows a of factors for the columns,
 * each of which serves {@code out / rank} neighbouring rows of W. The factors c begin as zero, so that nothing changes at first.
 *
 * @param rank how many rows of column factors there are; has to divide the rows of every adapted weight
 * @param alpha the change counts alpha / rank
 * @param on ends of the names of the layers that are adapted; left out, all
 */
@Paper(
        title = "SPP: Sparsity-Preserved Parameter-Efficient Fine-Tuning for Large Language Models",
        year = 2024,
        id = "2405.16057")
public record Spp(
        @Default("16") int rank,
        @Default("16") double alpha,
        @Default("[]") List<String> on) implements Adapter {
    public Spp {
        if (rank < 1) throw new IllegalArgumentException("rank must be at least 1, got " + rank);
        on = List.copyOf(on);
    }

    @Override
    public boolean keepsZeros() {
        return true;
    }

    @Override
    public void check(Model model) {
        for (Parameter w : AdaptedWeights.targets(model, on))
            if (w.rows() % rank != 0)
                throw new IllegalArgumentException(
                        w.layer() + " has " + w.rows() + " rows, which rank " + rank + " does not divide");
    }

    @Override
    public Adaptation attach(Training training) {
        check(training.model());
        return AdaptedWeights.inPlace(AdaptedWeights.targets(training.model(), on).stream()
                .map(w -> adapted(training, w))
                .toList());
    }

    private AdaptedWeight adapted(Training training, Parameter w) {
        Span groups = Span.of(Axis.of("spp_A", rank).pin());
        Parameter a = training.trained(
                Parameter.weight(w.name() + ".spp_A", groups, w.columnSpan()),
                values -> AdaptedWeights.uniform(values, w.columns(), training.random("spp/" + w.name())));
        Parameter c = training.trained(
                Parameter.vector(w.name() + ".spp_c", Parameter.Kind.SCALE, w.rowSpan()), values -> {});
        return new Rescaled(w, a, c, (float) (alpha / rank));
    }

    /** @param columns (rank, in) @param rows (out) */
    private record Rescaled(Parameter weight, Parameter columns, Parameter rows, float scale) implements AdaptedWeight {
        private static final long SLICE = 100_000;

        @Override
        public List<Parameter> parameters() {
            return List.of(columns, rows);
        }

        private int group() {
            return weight.rows() / columns.rows();
        }

        @Override
        public Tensor forward(Graph g, Tensor x) {
            g.observed(weight, x, 1);
            int n = x.batch(), out = weight.rows(), in = weight.columns();
            Tensor y = g.tensor(weight.name() + ".out", n, new int[] {out}, Layout.ROWS, weight.rowSpan());
            float[] scaled = g.scratch(weight.size());
            g.launch(Launch.of(
                            weight.name() + ".rescaled",
                            out,
                            Rescale::forward,
                            scaled,
                            weight.value(),
                            columns.value(),
                            rows.value(),
                            in,
                            group(),
                            scale)
                    .costing(in, SLICE));
            g.launch(Gemm.nt(weight.name() + ".product", y.value(), x.value(), scaled, n, out, in, false));
            g.backward(y, () -> {
                if (x.differentiable())
                    g.launch(Gemm.nn(
                            weight.name() + ".input-grad", x.grad(), y.grad(), scaled, n, in, out, g.keep(x) == 1));
                gradients(g, x, y);
            });
            return y;
        }

        private void gradients(Graph g, Tensor x, Tensor y) {
            int out = weight.rows(), in = weight.columns();
            float[] whole = g.scratch(weight.size());
            g.launch(Gemm.tn(weight.name() + ".grad", whole, y.grad(), x.value(), out, in, x.batch(), false));
            g.launch(Launch.of(
                            rows.name() + ".grad",
                            out,
                            Rescale::rowGrad,
                            rows.grad(),
                            whole,
                            weight.value(),
                            columns.value(),
                            in,
                            group(),
                            scale)
                    .costing(in, SLICE));
            g.launch(Launch.of(
                            columns.name() + ".grad",
                            columns.rows(),
                            Rescale::columnGrad,
                            columns.grad(),
                            whole,
                            weight.value(),
                            rows.value(),
                            in,
                            group(),
                            scale)
                    .costing((long) in * group(), SLICE));
        }

        @Override
        public void merge(float[] values) {
            float[] a = columns.value(), c = rows.value();
            int in = weight.columns();
            for (int i = 0; i < values.length; i++)
                values[i] *= 1f + scale * a[i / in / group() * in + i % in] * c[i / in];
        }
    }
}
