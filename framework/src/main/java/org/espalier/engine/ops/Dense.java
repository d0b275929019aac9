package org.espalier.engine.ops;

import java.util.Optional;
import org.espalier.engine.Bitmap;
import org.espalier.engine.Compressed;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.TwoOfFour;
import org.espalier.kernels.Bias;
import org.espalier.kernels.BitmapRows;
import org.espalier.kernels.CompressedRows;
import org.espalier.kernels.FewRows;
import org.espalier.kernels.TwoOfFourRows;
import org.espalier.launch.BiasBodies;
import org.espalier.launch.BitmapBodies;
import org.espalier.launch.FewRowsBodies;
import org.espalier.launch.Gemm;
import org.espalier.launch.Launch;
import org.espalier.launch.SparseBodies;
import org.espalier.launch.TwoOfFourBodies;

/** Products of a batch with a weight matrix. */
public final class Dense {
    /**
     * The density below which surviving weights alone are multiplied. Measured with whole training steps of LeNet-300-100
     * at batch 64 on one thread with AVX-512 (Zen 4), in ms: dense with masks 1.36; compressed 1.90 at density 0.6,
     * 1.63 at 0.5, 1.29 at 0.4, 0.89 at 0.3, 0.32 at 0.1, 0.18 at 0.05, 0.06 at 0.01. A constant, because a choice made at
     * run time would make bits depend on the weather.
     */
    public static final double BREAK_EVEN = 0.4;

    /**
     * The same where examples lie in rows, as tokens do, and have to be transposed before and after. Measured with 256 tokens on one
     * thread of the same processor, speed of compressed rows over dense at densities 0.5, 0.4, 0.3, 0.2 and 0.1: 1024 × 640 weights
     * 0.81, 0.99, 1.28, 1.81, 3.30; 688 × 256: 0.73, 1.05, 1.35, 1.85, 3.18; 256 × 256: 0.81, 0.95, 1.20, 1.61, 2.44.
     */
    static final double ROWS_BREAK_EVEN = 0.38;

    /**
     * The same for matrices that are wider than high, whose inputs leave the caches: 640 × 2048 weights 0.61, 0.70, 0.91, 1.26, 2.10;
     * 256 × 688: 0.68, 0.80, 1.00, 1.43, 2.57.
     */
    static final double WIDE_BREAK_EVEN = 0.28;

    /**
     * The density up to which one example is multiplied with a bitmap and survivors: reading the matrix takes most of the time then,
     * and half of it is not read at a density of one half. Processor time on one thread of the same processor, which others kept busy,
     * with 100 MB of matrices in turn; speed over {@link FewRows} at densities 0.5, 2:4, 0.3, 0.2 and 0.1: 640 × 2048 weights 1.65, 1.76,
     * 2.00, 1.67, 2.18; 2048 × 640: 1.02, 0.94, 1.21, 1.24, 1.08; 1024 × 640: 1.07, 1.09, 1.33, 1.48, 1.53; 688 × 256: 1.20, 1.15,
     * 1.05, 1.51, 1.55; 256 × 688: 0.88, 0.97, 1.07, 1.14, 1.19; 256 × 256: 1.09, 0.96, 1.15, 0.79, 1.34. So one half is where it
     * begins to pay. Compressed rows reach 0.25 to 0.42 at 0.5, and 0.9 to 1.9 at 0.1.
     */
    static final double BITMAP_BREAK_EVEN = 0.55;

    /**
     * The density above which a weight with at most two of every four entries is read in that form; below, the bitmap has fewer values.
     * Measured as the bitmap was, 2:4, on a processor that others kept busier still; speed over {@link FewRows}, of the bitmap and of two
     * of four: 640 × 2048 weights 1.73 and 2.08; 2048 × 640: 1.34 and 1.62; 1024 × 640: 1.31 and 1.51; 688 × 256: 1.13 and 1.28; 256 × 688:
     * 0.98 and 0.99; 256 × 256: 1.14 and 1.32; 2048 × 8192: 1.17 and 1.36; 8192 × 2048: 2.20 and 2.49.
     */
    static final double FOURS_BREAK_EVEN = 0.4;

    /**
     * Examples up to which a product reads the matrix row by row instead of packing it for BLAS. Speed over BLAS at one example: 256 ×
     * 256 weights 2.4, 1024 × 640 1.5, 2048 × 640 3.4, 640 × 2048 4.2; at four: 1.4 and 2.1 for the first two.
     */
    private static final int FEW = 4;

    private Dense() {}

    /**
     * y (n, out) = x (n, in) · Wᵀ + b, with W (out, in) and b (out).
     *
     * @param bias may be null
     */
    public static Tensor linear(Graph g, Tensor x, Parameter weight, Parameter bias) {
        if (x.features() != weight.columns())
            throw new IllegalArgumentException(
                    weight + " takes " + weight.columns() + " features, " + x + " has " + x.features());
        weight.columnSpan().join(x.span());
        if (bias != null) bias.rowSpan().join(weight.rowSpan());
        if (weight.product() != null) return replaced(g, Layouts.rows(g, x), weight, bias);
        g.observed(weight, x, 1);
        Tensor y = product(g, x, weight, bias);
        g.connected(weight, bias, x, y);
        return y;
    }

    private static Tensor product(Graph g, Tensor x, Parameter weight, Parameter bias) {
        boolean masked = g.compressing() && weight.survivors() != null, inRows = x.layout() == Layout.ROWS;
        if (masked && g.packing() && inRows && x.batch() == 1 && weight.density() <= BITMAP_BREAK_EVEN)
            return packed(g, x, weight, bias);
        if (masked && weight.density() < breakEven(inRows, weight))
            return compressed(g, Layouts.columns(g, x), weight, bias);
        return x.layout() == Layout.ROWS ? rows(g, x, weight, bias) : columns(g, x, weight, bias);
    }

    /** The product of an adapted weight. */
    private static Tensor replaced(Graph g, Tensor x, Parameter weight, Parameter bias) {
        Tensor y = weight.product().forward(g, x);
        addBias(g, y, bias);
        return y;
    }

    /** y (n, out) = x (n, in) · Wᵀ with the weight itself, also where something stands in for it. */
    public static Tensor product(Graph g, Tensor x, Parameter weight) {
        g.observed(weight, x, 1);
        if (g.compressing() && weight.survivors() != null && weight.density() < breakEven(true, weight))
            return Layouts.rows(g, compressed(g, Layouts.columns(g, x), weight, null));
        return rows(g, x, weight, null);
    }

    private static double breakEven(boolean inRows, Parameter weight) {
        if (!inRows) return BREAK_EVEN;
        return weight.columns() > weight.rows() ? WIDE_BREAK_EVEN : ROWS_BREAK_EVEN;
    }

    private static Tensor output(Graph g, Tensor x, Parameter weight, Parameter bias) {
        boolean trained = x.differentiable() || weight.trainable() || bias != null && bias.trainable();
        return g.tensor(
                weight.name() + ".out", x.batch(), new int[] {weight.rows()}, x.layout(), weight.rowSpan(), trained);
    }

    private static Tensor rows(Graph g, Tensor x, Parameter w, Parameter bias) {
        Tensor y = output(g, x, w, bias);
        int n = x.batch(), out = w.rows(), in = w.columns();
        if (n <= FEW && !g.training()) g.launch(few(w, y.value(), x.value(), n));
        else g.launch(Gemm.nt(w.name() + ".product", y.value(), x.value(), w.value(), n, out, in, false));
        addBias(g, y, bias);
        g.backward(y, () -> {
            if (w.trainable())
                g.launch(Gemm.tn(w.name() + ".grad", w.grad(), y.grad(), x.value(), out, in, n, g.keep(w) == 1));
            if (x.differentiable())
                g.launch(Gemm.nn(w.name() + ".input-grad", x.grad(), y.grad(), w.value(), n, in, out, g.keep(x) == 1));
        });
        return y;
    }

    private static Launch few(Parameter w, float[] y, float[] x, int n) {
        int out = w.rows(), in = w.columns();
        float[] values = w.value();
        return Launch.of(w.name() + ".product", out, FewRows::forward, y, values, x, n, out, in)
                .withHost((f, c) -> FewRowsBodies.forward(y, values, x, n, out, in, f, c))
                .costing((long) in * (n + 1), READING_SLICE);
    }

    /** One example with a copy of the surviving weights. */
    private static Tensor packed(Graph g, Tensor x, Parameter w, Parameter bias) {
        Tensor y = output(g, x, w, bias);
        int out = w.rows(), in = w.columns();
        float[] start = bias != null ? bias.value() : new float[out];
        Optional<TwoOfFour> fours =
                TwoOfFourBodies.PAYS && w.density() > FOURS_BREAK_EVEN ? TwoOfFour.of(w) : Optional.empty();
        if (fours.isPresent()) {
            g.launch(fours(w, fours.get(), y.value(), x.value(), start));
            return y;
        }
        Bitmap b = Bitmap.of(w);
        g.launch(Launch.of(
                        w.name() + ".bitmap-product",
                        out,
                        BitmapRows::forward,
                        y.value(),
                        b.values(),
                        b.start(),
                        b.bits(),
                        x.value(),
                        start,
                        1,
                        out,
                        in)
                .withHost((f, c) -> BitmapBodies.forward(
                        y.value(), b.values(), b.start(), b.bits(), x.value(), start, 1, out, in, f, c))
                .costing(in, READING_SLICE));
        return y;
    }

    private static Launch fours(Parameter w, TwoOfFour form, float[] y, float[] x, float[] start) {
        int out = w.rows(), in = w.columns();
        float[] values = form.values();
        int[] places = form.places();
        return Launch.of(
                        w.name() + ".two-of-four-product",
                        out,
                        TwoOfFourRows::forward,
                        y,
                        values,
                        places,
                        x,
                        start,
                        1,
                        out,
                        in)
                .withHost((f, c) -> TwoOfFourBodies.forward(y, values, places, x, start, 1, out, in, f, c))
                .costing(in, READING_SLICE);
    }

    private static Tensor columns(Graph g, Tensor x, Parameter w, Parameter bias) {
        Tensor y = output(g, x, w, bias);
        int n = x.batch(), out = w.rows(), in = w.columns();
        g.launch(Gemm.nn(w.name() + ".product", y.value(), w.value(), x.value(), out, n, in, false));
        addBias(g, y, bias);
        g.backward(y, () -> {
            if (w.trainable())
                g.launch(Gemm.nt(w.name() + ".grad", w.grad(), y.grad(), x.value(), out, in, n, g.keep(w) == 1));
            if (x.differentiable())
                g.launch(Gemm.tn(w.name() + ".input-grad", x.grad(), w.value(), y.grad(), in, n, out, g.keep(x) == 1));
        });
        return y;
    }

    private static Tensor compressed(Graph g, Tensor x, Parameter w, Parameter bias) {
        Tensor y = output(g, x, w, bias);
        Compressed c = w.compress();
        int n = x.batch(), out = w.rows(), in = w.columns();
        long perRow = (long) n * c.values().length / Math.max(1, out) + n;
        long perColumn = (long) n * c.values().length / Math.max(1, in) + n;
        float[] start = bias != null ? bias.value() : new float[out];
        g.launch(Launch.of(
                        w.name() + ".sparse-product",
                        out,
                        CompressedRows::forward,
                        y.value(),
                        c.values(),
                        c.start(),
                        c.column(),
                        x.value(),
                        start,
                        n)
                .withHost((f, k) ->
                        SparseBodies.forward(y.value(), c.values(), c.start(), c.column(), x.value(), start, n, f, k))
                .costing(perRow, SPARSE_SLICE));
        g.backward(y, () -> {
            if (bias != null) biasGrad(g, y, bias);
            if (w.trainable()) {
                int keep = g.keep(w);
                g.launch(Launch.of(
                                w.name() + ".sparse-grad",
                                out,
                                CompressedRows::valueGrad,
                                c.grad(),
                                c.start(),
                                c.column(),
                                y.grad(),
                                x.value(),
                                n,
                                keep)
                        .withHost((f, k) -> SparseBodies.valueGrad(
                                c.grad(), c.start(), c.column(), y.grad(), x.value(), n, keep, f, k))
                        .costing(perRow, SPARSE_SLICE));
            }
            if (x.differentiable()) {
                int keep = g.keep(x);
                g.launch(Launch.of(
                                w.name() + ".sparse-input-grad",
                                in,
                                CompressedRows::inputGrad,
                                x.grad(),
                                c.values(),
                                c.columnStart(),
                                c.row(),
                                c.entry(),
                                y.grad(),
                                n,
                                keep)
                        .withHost((f, k) -> SparseBodies.inputGrad(
                                x.grad(), c.values(), c.columnStart(), c.row(), c.entry(), y.grad(), n, keep, f, k))
                        .costing(perColumn, SPARSE_SLICE));
            }
        });
        return y;
    }

    /** Multiplications worth handing to a thread: some ten microseconds. */
    private static final long SPARSE_SLICE = 150_000;

    /** Weights of a matrix that is read only once, worth handing to a thread. */
    private static final long READING_SLICE = 150_000;

    /** Additions worth handing to a thread: a few microseconds. */
    private static final long ADDITIONS_SLICE = 40_000;

    private static void addBias(Graph g, Tensor y, Parameter bias) {
        if (bias == null) return;
        int n = y.batch(), perFeature = y.featureStride(), perExample = y.exampleStride();
        float[] b = bias.value();
        g.launch(Launch.of(bias.name() + ".add", y.features(), Bias::add, y.value(), b, n, perFeature, perExample)
                .withHost((f, c) -> BiasBodies.add(y.value(), b, n, perFeature, perExample, f, c))
                .costing(n, ADDITIONS_SLICE));
        g.backward(y, () -> biasGrad(g, y, bias));
    }

    private static void biasGrad(Graph g, Tensor y, Parameter bias) {
        if (!bias.trainable()) return;
        int n = y.batch(), perFeature = y.featureStride(), perExample = y.exampleStride(), keep = g.keep(bias);
        g.launch(Launch.of(
                        bias.name() + ".grad",
                        y.features(),
                        Bias::grad,
                        bias.grad(),
                        y.grad(),
                        n,
                        perFeature,
                        perExample,
                        keep)
                .withHost((f, c) -> BiasBodies.grad(bias.grad(), y.grad(), n, perFeature, perExample, keep, f, c))
                .costing(n, ADDITIONS_SLICE));
    }
}
