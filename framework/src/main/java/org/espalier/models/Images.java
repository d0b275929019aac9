package org.espalier.models;

import java.util.ArrayList;
import java.util.List;
import org.espalier.engine.Axis;
import org.espalier.engine.Layout;
import org.espalier.engine.Span;
import org.espalier.engine.ops.Activations;
import org.espalier.engine.ops.Layouts;
import org.espalier.engine.ops.Pools;

/**
 * Puts a convolutional network together, keeping count of the shape that the layers so far give. Layers are named by whoever adds
 * them; {@link #build} closes with a linear layer called output.
 */
public final class Images {
    private final int[] input;
    private final List<Layer> layers = new ArrayList<>();
    private Span span;
    private int height;
    private int width;

    private Images(int[] input) {
        if (input.length != 3)
            throw new IllegalArgumentException(
                    "a convolutional network takes images (channels, height, width), not examples of " + input.length
                            + " dimensions");
        this.input = input.clone();
        span = Span.of(Axis.of("input", input[0]).pin());
        height = input[1];
        width = input[2];
    }

    /** Starts with images of this shape: channels, height, width. */
    public static Images of(int[] shape) {
        return new Images(shape);
    }

    public int height() {
        return height;
    }

    public int width() {
        return width;
    }

    /** A convolution with bias, of stride 1. */
    public Images convolution(String name, int outs, int kernel, int padding) {
        Convolution layer = Convolution.of(name, span, outs, kernel, 1, padding);
        return with(layer, layer.out()).resized(kernel, 1, padding);
    }

    /** A 3×3 convolution with batch normalisation. */
    public Images normalised(String name, String norm, int outs) {
        Convolution layer = Convolution.withoutBias(name, span, outs, 3, 1, 1);
        return with(layer, layer.out()).with(BatchNorm.of(norm, layer.out()), layer.out());
    }

    public Images residual(String name, int outs, int stride) {
        Residual block = Residual.of(name, span, outs, stride);
        return with(block, block.out()).resized(3, stride, 1);
    }

    /** Largest of 2×2; odd rows and columns at the end are left out. */
    public Images pool() {
        return with((g, x) -> Pools.max(g, x, 2, 2, 0), span).resized(2, 2, 0);
    }

    /** The mean over all positions: what follows sees one number per channel. */
    public Images globalPool() {
        height = width = 1;
        return with(Pools::global, span);
    }

    /** A fully connected layer with ReLU, over everything the layers so far give. */
    public Images linear(String name, int outs) {
        flatten();
        Linear layer = Linear.of(name, span, outs);
        return with(layer, layer.out()).relu();
    }

    /** Closes with the output layer and draws all weights. */
    public Model build(int classes, Init init, long seed) {
        flatten();
        layers.add(Linear.of("output", span, classes));
        return Network.of(input, classes, Layout.COLUMNS, layers).initialised(init, seed);
    }

    private void flatten() {
        layers.add(Layouts::flatten);
        span = span.spread(height * width);
        height = width = 1;
    }

    /** ReLU. After a pooling it does the same as before it, on a quarter of the entries. */
    public Images relu() {
        return with(Activations::relu, span);
    }

    private Images with(Layer layer, Span out) {
        layers.add(layer);
        span = out;
        return this;
    }

    private Images resized(int kernel, int stride, int padding) {
        height = (height + 2 * padding - kernel) / stride + 1;
        width = (width + 2 * padding - kernel) / stride + 1;
        if (height < 1 || width < 1)
            throw new IllegalArgumentException(
                    "images of " + input[1] + "×" + input[2] + " are too small for this network");
        return this;
    }
}
