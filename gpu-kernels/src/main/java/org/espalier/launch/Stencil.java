package org.espalier.launch;

import java.util.List;
import org.espalier.kernels.Convolve;

/** Launches of convolutions; see {@link Convolve} for the layout. */
public final class Stencil {
    private Stencil() {}

    /** y = w ∗ x + bias. */
    public static List<Launch> forward(String name, float[] y, float[] x, float[] w, float[] bias, Window s) {
        return List.of(Launch.of(
                        name,
                        s.outPositions(),
                        Convolve::forward,
                        y,
                        x,
                        w,
                        bias,
                        s.batch(),
                        s.channels(),
                        s.height(),
                        s.width(),
                        s.outs(),
                        s.kernel(),
                        s.stride(),
                        s.padding(),
                        1)
                .withHost((first, count) -> Im2col.forward(y, x, w, bias, s, first, count))
                .inSlicesOf(Im2col.grain(s)));
    }

    /** dx = the gradient that the outputs' gradient dy sends to the inputs, added to dx if {@code keep}. */
    public static List<Launch> inputGrad(String name, float[] dx, float[] dy, float[] w, Window s, boolean keep) {
        float[] turned = new float[w.length];
        int positions = s.kernel() * s.kernel();
        Launch turn = Launch.of(
                        name + ".turn", s.channels(), Convolve::turn, turned, w, s.outs(), s.channels(), positions)
                .costing((long) s.outs() * positions, 50_000);
        Launch product = Launch.of(
                        name,
                        s.inPositions(),
                        Convolve::inputGrad,
                        dx,
                        dy,
                        w,
                        s.batch(),
                        s.channels(),
                        s.height(),
                        s.width(),
                        s.outs(),
                        s.kernel(),
                        s.stride(),
                        s.padding(),
                        1,
                        keep ? 1 : 0)
                .withHost((first, count) -> Im2col.inputGrad(dx, dy, turned, s, keep, first, count))
                .inSlicesOf(Im2col.grain(s));
        return List.of(turn, product);
    }

    /** dw = the gradient of the weights, added to dw if {@code keep}: partial sums first, as many as the shape says. */
    public static List<Launch> weightGrad(String name, float[] dw, float[] dy, float[] x, Window s, boolean keep) {
        int pieces = pieces(dw.length, s.outPositions());
        float[] parts = new float[pieces * dw.length];
        Launch partial = Launch.of(
                        name + ".parts",
                        pieces,
                        Convolve::weightGrad,
                        parts,
                        dy,
                        x,
                        s.batch(),
                        s.channels(),
                        s.height(),
                        s.width(),
                        s.outs(),
                        s.kernel(),
                        s.stride(),
                        s.padding(),
                        1,
                        pieces)
                .withHost((first, count) -> Im2col.weightGrad(parts, dy, x, s, pieces, first, count))
                .inSlicesOf(1);
        return List.of(partial, sum(name, dw, parts, pieces, keep));
    }

    /** dbias = the sum of dy over positions and examples. */
    public static Launch biasGrad(String name, float[] dbias, float[] dy, Window s, boolean keep) {
        int length = s.outPositions() * s.batch();
        return Launch.of(name, s.outs(), Convolve::biasGrad, dbias, dy, length, keep ? 1 : 0)
                .withHost((first, count) -> {
                    for (int o = first; o < first + count; o++)
                        dbias[o] = (keep ? dbias[o] : 0f) + Reductions.sum(dy, o * length, length);
                })
                .costing(length, 100_000);
    }

    private static Launch sum(String name, float[] dw, float[] parts, int pieces, boolean keep) {
        return Launch.of(name, dw.length, Convolve::sum, dw, parts, dw.length, pieces, keep ? 1 : 0);
    }

    /** Partial sums of a gradient: enough for a few threads, few enough not to be a burden on memory. */
    private static int pieces(int weights, int positions) {
        return Math.min(positions, Math.clamp((1 << 21) / weights, 2, 16));
    }
}
