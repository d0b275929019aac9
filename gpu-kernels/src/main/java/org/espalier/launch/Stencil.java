package org.espalier.launch;

import java.util.List;
import org.espalier.kernels.Convolve;
import org.espalier.kernels.Winograd;

/**
 * Launches of convolutions; see {@link Convolve} for the layout. On the CPU, 3×3 convolutions of stride 1 go by Winograd's tiles
 * where their shape suits, all others by products of gathered columns. The shape alone decides.
 */
public final class Stencil {
    private static final long SLICE = 100_000;

    private Stencil() {}

    /** y = w ∗ x + bias. */
    public static List<Launch> forward(String name, float[] y, float[] x, float[] w, float[] bias, Window s) {
        if (!WinogradBodies.suits(s))
            return List.of(plainForward(name, y, x, w, bias, s, 1)
                    .withHost((first, count) -> Im2col.forward(y, x, w, bias, s, first, count))
                    .inSlicesOf(Im2col.grain(s)));
        float[] u = new float[WinogradBodies.transformed(s.outs(), s.channels())];
        return List.of(
                transform(name, u, w, s.outs(), s.channels(), false),
                plainForward(name, y, x, w, bias, s, WinogradBodies.TILE)
                        .withHost((first, count) -> WinogradBodies.convolve(y, x, u, bias, false, s, first, count))
                        .inSlicesOf(1));
    }

    private static Launch plainForward(
            String name, float[] y, float[] x, float[] w, float[] bias, Window s, int patch) {
        return Launch.of(
                name,
                Window.patches(s.outHeight(), s.outWidth(), patch),
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
                patch);
    }

    /** dx = the gradient that the outputs' gradient dy sends to the inputs, added to dx if {@code keep}. */
    public static List<Launch> inputGrad(String name, float[] dx, float[] dy, float[] w, Window s, boolean keep) {
        if (!WinogradBodies.suits(s)) {
            float[] turned = new float[w.length];
            int positions = s.kernel() * s.kernel();
            return List.of(
                    Launch.of(
                                    name + ".turn",
                                    s.channels(),
                                    Convolve::turn,
                                    turned,
                                    w,
                                    s.outs(),
                                    s.channels(),
                                    positions)
                            .costing((long) s.outs() * positions, SLICE),
                    plainInputGrad(name, dx, dy, w, s, 1, keep)
                            .withHost((first, count) -> Im2col.inputGrad(dx, dy, turned, s, keep, first, count))
                            .inSlicesOf(Im2col.grain(s)));
        }
        float[] u = new float[WinogradBodies.transformed(s.channels(), s.outs())];
        Window back = s.reversed();
        return List.of(
                transform(name, u, w, s.channels(), s.outs(), true),
                plainInputGrad(name, dx, dy, w, s, WinogradBodies.TILE, keep)
                        .withHost((first, count) -> WinogradBodies.convolve(dx, dy, u, null, keep, back, first, count))
                        .inSlicesOf(1));
    }

    private static Launch plainInputGrad(
            String name, float[] dx, float[] dy, float[] w, Window s, int patch, boolean keep) {
        return Launch.of(
                name,
                Window.patches(s.height(), s.width(), patch),
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
                patch,
                keep ? 1 : 0);
    }

    /** The weights as the tiles' products want them: once a pass, before all slices. A device computes them in vain. */
    private static Launch transform(String name, float[] u, float[] w, int rows, int columns, boolean turned) {
        return Launch.of(name + ".transform", rows, Winograd::weights, u, w, rows, columns, turned ? 1 : 0)
                .costing(100L * columns, SLICE);
    }

    /** dw = the gradient of the weights, added to dw if {@code keep}: partial sums first, as many as the shape says. */
    public static List<Launch> weightGrad(String name, float[] dw, float[] dy, float[] x, Window s, boolean keep) {
        boolean tiles = WinogradBodies.suits(s);
        int patch = tiles ? WinogradBodies.TILE : 1;
        int pieces = pieces(dw.length, Window.patches(s.outHeight(), s.outWidth(), patch));
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
                        patch,
                        pieces)
                .withHost((first, count) -> {
                    if (tiles) WinogradBodies.weightGrad(parts, dy, x, s, pieces, first, count);
                    else Im2col.weightGrad(parts, dy, x, s, pieces, first, count);
                })
                .inSlicesOf(1);
        Launch sum = Launch.of(name, dw.length, Convolve::sum, dw, parts, dw.length, pieces, keep ? 1 : 0);
        return List.of(partial, sum);
    }

    /** Partial sums of a gradient: enough for a few threads, few enough not to be a burden on memory. */
    private static int pieces(int weights, int positions) {
        return Math.min(positions, Math.clamp((1 << 19) / weights, 2, 8));
    }

    /** dbias = the sum of dy over positions and examples. */
    public static Launch biasGrad(String name, float[] dbias, float[] dy, Window s, boolean keep) {
        int length = s.outPositions() * s.batch();
        return Launch.of(name, s.outs(), Convolve::biasGrad, dbias, dy, length, keep ? 1 : 0)
                .withHost((first, count) -> {
                    for (int o = first; o < first + count; o++)
                        dbias[o] = (keep ? dbias[o] : 0f) + Reductions.sum(dy, o * length, length);
                })
                .costing(length, SLICE);
    }
}
