package org.espalier.launch;

/**
 * How a square window slides over a batch of images that lie (channels, height, width, batch).
 *
 * @param outs channels of the result
 * @param kernel height and width of the window
 * @param stride positions between neighbouring windows
 * @param padding zeros around the image
 */
public record Window(int batch, int channels, int height, int width, int outs, int kernel, int stride, int padding) {
    public Window {
        if (batch < 1 || channels < 1 || height < 1 || width < 1 || outs < 1 || kernel < 1 || stride < 1 || padding < 0)
            throw new IllegalArgumentException("sizes of a window must be positive: " + batch + " × " + channels + "×"
                    + height + "×" + width + " to " + outs + " channels, kernel " + kernel + ", stride " + stride
                    + ", padding " + padding);
        if (height + 2 * padding < kernel || width + 2 * padding < kernel)
            throw new IllegalArgumentException("a window of " + kernel + "×" + kernel + " does not fit an image of "
                    + height + "×" + width + " with padding " + padding);
    }

    public int outHeight() {
        return (height + 2 * padding - kernel) / stride + 1;
    }

    public int outWidth() {
        return (width + 2 * padding - kernel) / stride + 1;
    }

    /** The window that takes gradients of the outputs back to the inputs, with turned kernels; for stride 1. */
    Window reversed() {
        return new Window(batch, outs, outHeight(), outWidth(), channels, kernel, 1, kernel - 1 - padding);
    }

    /** Positions of an input plane. */
    int inPositions() {
        return height * width;
    }

    /** Positions of an output plane. */
    int outPositions() {
        return outHeight() * outWidth();
    }

    /** Weights that reach one output. */
    int fanIn() {
        return channels * kernel * kernel;
    }

    /** Patches of {@code patch} × {@code patch} positions that cover a plane. */
    static int patches(int height, int width, int patch) {
        return ((height + patch - 1) / patch) * ((width + patch - 1) / patch);
    }

    /** Multiplications for one position of the output. */
    long work() {
        return (long) batch * outs * fanIn();
    }
}
