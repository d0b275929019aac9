package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class ConvolveTest {
    /** A random convolution, with what it gives in double precision by the definition: one product for each pair that meets. */
    private static final class Case {
        final RandomGenerator random;
        final int batch, channels, height, width, outs, kernel, stride, padding, outHeight, outWidth;
        final float[] x, w, dy;

        Case(long seed) {
            random = Shapes.random(seed);
            batch = 1 + random.nextInt(5);
            channels = 1 + random.nextInt(4);
            outs = 1 + random.nextInt(5);
            kernel = 1 + random.nextInt(5);
            stride = 1 + random.nextInt(3);
            padding = random.nextInt(kernel);
            height = kernel + random.nextInt(8);
            width = kernel + random.nextInt(8);
            outHeight = (height + 2 * padding - kernel) / stride + 1;
            outWidth = (width + 2 * padding - kernel) / stride + 1;
            x = Shapes.floats(random, channels * height * width * batch);
            w = Shapes.floats(random, outs * channels * kernel * kernel);
            dy = Shapes.floats(random, outs * outHeight * outWidth * batch);
        }

        interface Meeting {
            void at(int y, int x, int w);
        }

        void meet(Meeting m) {
            for (int o = 0; o < outs; o++)
                for (int c = 0; c < channels; c++)
                    for (int ky = 0; ky < kernel; ky++)
                        for (int kx = 0; kx < kernel; kx++)
                            for (int oy = 0; oy < outHeight; oy++)
                                for (int ox = 0; ox < outWidth; ox++) {
                                    int iy = oy * stride + ky - padding, ix = ox * stride + kx - padding;
                                    if (iy < 0 || ix < 0 || iy >= height || ix >= width) continue;
                                    for (int n = 0; n < batch; n++)
                                        m.at(
                                                ((o * outHeight + oy) * outWidth + ox) * batch + n,
                                                ((c * height + iy) * width + ix) * batch + n,
                                                ((o * channels + c) * kernel + ky) * kernel + kx);
                                }
        }

        int patches(int h, int w, int patch) {
            return (h + patch - 1) / patch * ((w + patch - 1) / patch);
        }
    }

    @RepeatedTest(60)
    void convolvesAndTakesGradientsBackByTheDefinition(RepetitionInfo repetition) {
        Case t = new Case(repetition.getCurrentRepetition());
        int patch = 1 + t.random.nextInt(4), keep = t.random.nextInt(2);
        forward(t, patch);
        inputGrad(t, patch, keep);
        weightGrad(t, patch, keep);
    }

    private static void forward(Case t, int patch) {
        float[] bias = Shapes.floats(t.random, t.outs), y = Shapes.floats(t.random, t.dy.length);
        double[] expected = new double[y.length];
        for (int i = 0; i < y.length; i++) expected[i] = bias[i / (y.length / t.outs)];
        t.meet((i, j, k) -> expected[i] += (double) t.x[j] * t.w[k]);
        Shapes.run(
                t.random,
                t.patches(t.outHeight, t.outWidth, patch),
                (f, n) -> Convolve.forward(
                        y,
                        t.x,
                        t.w,
                        bias,
                        t.batch,
                        t.channels,
                        t.height,
                        t.width,
                        t.outs,
                        t.kernel,
                        t.stride,
                        t.padding,
                        patch,
                        f,
                        n));
        assertThat(Shapes.difference(y, expected)).isLessThan(1e-5);
    }

    private static void inputGrad(Case t, int patch, int keep) {
        float[] dx = Shapes.floats(t.random, t.x.length);
        double[] expected = new double[dx.length];
        if (keep == 1) for (int i = 0; i < dx.length; i++) expected[i] = dx[i];
        t.meet((i, j, k) -> expected[j] += (double) t.dy[i] * t.w[k]);
        Shapes.run(
                t.random,
                t.patches(t.height, t.width, patch),
                (f, n) -> Convolve.inputGrad(
                        dx,
                        t.dy,
                        t.w,
                        t.batch,
                        t.channels,
                        t.height,
                        t.width,
                        t.outs,
                        t.kernel,
                        t.stride,
                        t.padding,
                        patch,
                        keep,
                        f,
                        n));
        assertThat(Shapes.difference(dx, expected)).isLessThan(1e-5);
    }

    private static void weightGrad(Case t, int patch, int keep) {
        int pieces = 1 + t.random.nextInt(t.patches(t.outHeight, t.outWidth, patch));
        float[] parts = Shapes.floats(t.random, pieces * t.w.length), dw = Shapes.floats(t.random, t.w.length);
        double[] expected = new double[dw.length];
        if (keep == 1) for (int i = 0; i < dw.length; i++) expected[i] = dw[i];
        t.meet((i, j, k) -> expected[k] += (double) t.dy[i] * t.x[j]);
        Shapes.run(
                t.random,
                pieces,
                (f, n) -> Convolve.weightGrad(
                        parts,
                        t.dy,
                        t.x,
                        t.batch,
                        t.channels,
                        t.height,
                        t.width,
                        t.outs,
                        t.kernel,
                        t.stride,
                        t.padding,
                        patch,
                        pieces,
                        f,
                        n));
        Shapes.run(t.random, dw.length, (f, n) -> Convolve.sum(dw, parts, dw.length, pieces, keep, f, n));
        assertThat(Shapes.difference(dw, expected)).isLessThan(5e-5);
    }

    @RepeatedTest(10)
    void turnsWeightsAndSumsBiasGradients(RepetitionInfo repetition) {
        Case t = new Case(100 + repetition.getCurrentRepetition());
        int positions = t.kernel * t.kernel, length = t.outHeight * t.outWidth * t.batch;
        float[] turned = new float[t.w.length], dbias = new float[t.outs];
        Shapes.run(t.random, t.channels, (f, n) -> Convolve.turn(turned, t.w, t.outs, t.channels, positions, f, n));
        Shapes.run(t.random, t.outs, (f, n) -> Convolve.biasGrad(dbias, t.dy, length, 0, f, n));
        double[] sums = new double[t.outs];
        for (int o = 0; o < t.outs; o++) {
            for (int e = 0; e < length; e++) sums[o] += t.dy[o * length + e];
            for (int c = 0; c < t.channels; c++)
                for (int k = 0; k < positions; k++)
                    assertThat(turned[(c * t.outs + o) * positions + k])
                            .isEqualTo(t.w[(o * t.channels + c) * positions + k]);
        }
        assertThat(Shapes.difference(dbias, sums)).isLessThan(1e-5);
    }

    /** The transform is linear in each kernel, so it has to be G · w · Gᵀ, whose G is written out here. */
    @RepeatedTest(10)
    void transformsWeightsAsWinogradDoes(RepetitionInfo repetition) {
        double[][] g = {
            {1 / 4d, 0, 0},
            {-1 / 6d, -1 / 6d, -1 / 6d},
            {-1 / 6d, 1 / 6d, -1 / 6d},
            {1 / 24d, 1 / 12d, 1 / 6d},
            {1 / 24d, -1 / 12d, 1 / 6d},
            {0, 0, 1}
        };
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int rows = 1 + random.nextInt(9), columns = 1 + random.nextInt(6), turned = random.nextInt(2);
        int blocks = (rows + 3) / 4;
        float[] w = Shapes.floats(random, rows * columns * 9), u = new float[36 * blocks * 4 * columns];
        Shapes.run(random, rows, (f, n) -> Winograd.weights(u, w, rows, columns, turned, f, n));
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                for (int i = 0; i < 6; i++)
                    for (int j = 0; j < 6; j++) {
                        double sum = 0;
                        for (int a = 0; a < 3; a++)
                            for (int b = 0; b < 3; b++) {
                                int plain = (r * columns + c) * 9 + a * 3 + b;
                                int back = (c * rows + r) * 9 + (2 - a) * 3 + 2 - b;
                                sum += g[i][a] * w[turned == 1 ? back : plain] * g[j][b];
                            }
                        float actual = u[((i * 6 + j) * blocks + r / 4) * columns * 4 + c * 4 + r % 4];
                        assertThat((double) actual).isCloseTo(sum, org.assertj.core.api.Assertions.within(1e-6));
                    }
    }
}
