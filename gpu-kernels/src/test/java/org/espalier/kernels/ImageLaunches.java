package org.espalier.kernels;

import org.espalier.launch.Launch;

/** Kernels over images: convolutions, pools, batch normalisation. */
final class ImageLaunches {
    private ImageLaunches() {}

    static void add(Sizes z) {
        for (int stride = 1; stride <= 2; stride++) {
            convolutions(z, stride);
            pools(z, stride);
        }
        sums(z);
        standardise(z);
    }

    /** Images one row high whose width makes {@code s} patches where one position is a patch. */
    private static void convolutions(Sizes z, int stride) {
        int outs = 3, channels = 2, height = 1, width = z.s, side = 3, padding = 1, batch = 2;
        int outWidth = (width - 1) / stride + 1, pieces = Math.min(outWidth, 5);
        float[] x = z.floats(channels * width * batch), w = z.floats(outs * channels * side * side);
        float[] dy = z.floats(outs * outWidth * batch);
        z.add(Launch.of(
                "convolve",
                outWidth,
                Convolve::forward,
                new float[dy.length],
                x,
                w,
                z.floats(outs),
                batch,
                channels,
                height,
                width,
                outs,
                side,
                stride,
                padding,
                1));
        z.add(Launch.of(
                "convolveInput",
                width,
                Convolve::inputGrad,
                z.floats(x.length),
                dy,
                w,
                batch,
                channels,
                height,
                width,
                outs,
                side,
                stride,
                padding,
                1,
                z.keep));
        z.add(Launch.of(
                "convolveWeight",
                pieces,
                Convolve::weightGrad,
                new float[pieces * w.length],
                dy,
                x,
                batch,
                channels,
                height,
                width,
                outs,
                side,
                stride,
                padding,
                2,
                pieces));
    }

    private static void pools(Sizes z, int stride) {
        int channels = z.s, height = 3, width = 5, side = 2, padding = 1, batch = 2;
        int outHeight = (height + 2 * padding - side) / stride + 1,
                outWidth = (width + 2 * padding - side) / stride + 1;
        int out = channels * outHeight * outWidth * batch, in = channels * height * width * batch;
        z.add(Launch.of(
                "largest",
                channels * outHeight,
                Pool::largest,
                new float[out],
                new int[out],
                z.floats(in),
                batch,
                height,
                width,
                side,
                stride,
                padding));
        z.add(Launch.of(
                "maxGrad",
                channels * height,
                Pool::maxGrad,
                z.floats(in),
                z.floats(out),
                z.below(out, height * width),
                batch,
                height,
                width,
                side,
                stride,
                padding,
                z.keep));
        z.add(Launch.of(
                "average",
                channels * outHeight,
                Pool::average,
                new float[out],
                z.floats(in),
                batch,
                height,
                width,
                side,
                stride,
                padding));
        z.add(Launch.of(
                "averageGrad",
                channels * height,
                Pool::averageGrad,
                z.floats(in),
                z.floats(out),
                batch,
                height,
                width,
                side,
                stride,
                padding,
                z.keep));
    }

    private static void sums(Sizes z) {
        int s = z.s, batch = 3, positions = 5;
        z.add(Launch.of(
                "mean", s, Pool::mean, new float[s * batch], z.floats(s * positions * batch), batch, positions));
        z.add(Launch.of(
                "meanGrad",
                s,
                Pool::meanGrad,
                z.floats(s * positions * batch),
                z.floats(s * batch),
                batch,
                positions,
                z.keep));
        z.add(Launch.of("poolSum", s, Pool::sum, new float[s * batch], z.floats(4 * s * batch), batch, s, 4));
        z.add(Launch.of("turn", s, Convolve::turn, new float[s * 6], z.floats(s * 6), 3, s, 2));
        z.add(Launch.of("sum", s, Convolve::sum, z.floats(s), z.floats(4 * s), s, 4, z.keep));
        z.add(Launch.of("biasGrad", s, Convolve::biasGrad, z.floats(s), z.floats(5 * s), 5, z.keep));
        z.add(Launch.of(
                "winograd",
                s,
                Winograd::weights,
                z.floats(36 * ((s + 3) / 4) * 2 * 4),
                z.floats(s * 2 * 9),
                s,
                2,
                z.keep));
    }

    private static void standardise(Sizes z) {
        int s = z.s, length = 6;
        float[] x = z.floats(s * length), moments = z.positive(2 * s), sums = z.floats(2 * s), scale = z.floats(s);
        z.add(Launch.of(
                "moments", s, Standardise::moments, new float[2 * s], z.floats(s), z.positive(s), x, s, length, 0.1f));
        z.add(Launch.of(
                "apply",
                s,
                Standardise::apply,
                new float[x.length],
                x,
                z.floats(s),
                moments,
                s,
                scale,
                z.floats(s),
                length,
                1e-5f));
        z.add(Launch.of(
                "sums", s, Standardise::sums, new float[2 * s], z.floats(x.length), x, moments, s, length, 1e-5f));
        z.add(Launch.of(
                "standardiseInput",
                s,
                Standardise::inputGrad,
                z.floats(x.length),
                z.floats(x.length),
                x,
                moments,
                sums,
                scale,
                s,
                length,
                1e-5f,
                z.keep));
        z.add(Launch.of("takeSums", s, Standardise::take, z.floats(s), sums, s, z.keep));
    }
}
