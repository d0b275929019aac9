package org.espalier.engine.ops;

import java.util.List;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.launch.Launch;
import org.espalier.launch.Stencil;
import org.espalier.launch.Window;

/** Convolutions of images. Images lie in columns, that is (channels, height, width, batch). */
public final class Convolutions {
    private Convolutions() {}

    /**
     * y (outs, height', width') = w ∗ x + b, with w (outs, channels, kernel, kernel) and height' = (height + 2·padding − kernel) /
     * stride + 1, rounded down; likewise the width.
     *
     * @param bias may be null
     * @throws IllegalArgumentException if the channels differ, the kernel is not square or does not fit
     */
    public static Tensor convolve(Graph g, Tensor image, Parameter weight, Parameter bias, int stride, int padding) {
        Tensor x = Layouts.columns(g, image);
        Window window = window(x, weight, stride, padding);
        int positions = window.kernel() * window.kernel();
        weight.columnSpan().join(x.span().spread(positions));
        if (bias != null) bias.rowSpan().join(weight.rowSpan());
        g.observed(weight, x, (long) window.outHeight() * window.outWidth());
        int[] shape = {window.outs(), window.outHeight(), window.outWidth()};
        Tensor y = g.tensor(
                weight.name() + ".out",
                x.batch(),
                shape,
                x.layout(),
                weight.rowSpan(),
                x.differentiable() || weight.trainable() || bias != null && bias.trainable());
        float[] start = bias != null ? bias.value() : new float[window.outs()];
        all(g, Stencil.forward(weight.name() + ".convolution", y.value(), x.value(), weight.value(), start, window));
        g.backward(y, () -> gradients(g, x, y, weight, bias, window));
        return y;
    }

    private static Window window(Tensor x, Parameter weight, int stride, int padding) {
        int[] in = x.shape();
        long[] w = weight.shape();
        if (in.length != 3 || w.length != 4 || w[1] != in[0])
            throw new IllegalArgumentException(weight + " cannot be convolved with " + x);
        if (w[2] != w[3]) throw new IllegalArgumentException(weight + " is not square");
        return new Window(x.batch(), in[0], in[1], in[2], (int) w[0], (int) w[2], stride, padding);
    }

    private static void gradients(Graph g, Tensor x, Tensor y, Parameter weight, Parameter bias, Window window) {
        if (bias != null && bias.trainable())
            g.launch(Stencil.biasGrad(bias.name() + ".grad", bias.grad(), y.grad(), window, g.keep(bias) == 1));
        if (weight.trainable())
            all(
                    g,
                    Stencil.weightGrad(
                            weight.name() + ".grad", weight.grad(), y.grad(), x.value(), window, g.keep(weight) == 1));
        if (x.differentiable())
            all(
                    g,
                    Stencil.inputGrad(
                            weight.name() + ".input-grad", x.grad(), y.grad(), weight.value(), window, g.keep(x) == 1));
    }

    private static void all(Graph g, List<Launch> launches) {
        for (Launch launch : launches) g.launch(launch);
    }
}
