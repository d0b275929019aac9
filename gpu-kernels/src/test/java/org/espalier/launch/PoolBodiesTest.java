package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.espalier.kernels.Pool;
import org.espalier.kernels.Shapes;
import org.espalier.kernels.Standardise;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** The vector bodies of pooling give the kernels' bits; those of batch norm sum in another order. */
class PoolBodiesTest {
    @RepeatedTest(40)
    void poolsWithTheKernelsBits(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int kernel = 1 + random.nextInt(3), padding = random.nextInt(kernel / 2 + 1);
        int stride = random.nextBoolean() ? kernel : 1 + random.nextInt(3);
        int channels = 1 + random.nextInt(4);
        Window s = new Window(
                Shapes.size(random),
                channels,
                kernel + random.nextInt(7),
                kernel + random.nextInt(7),
                channels,
                kernel,
                stride,
                padding);
        int n = s.batch(), h = s.height(), w = s.width(), rows = channels * s.outHeight();
        float[] x = Shapes.floats(random, channels * h * w * n), dy = Shapes.floats(random, rows * s.outWidth() * n);
        float[] y = new float[dy.length], expected = new float[dy.length];
        int[] where = new int[dy.length], expectedWhere = new int[dy.length];
        Pool.largest(expected, expectedWhere, x, n, h, w, kernel, stride, padding, 0, rows);
        Shapes.run(random, rows, (f, c) -> PoolBodies.max(y, where, x, s, f, c));
        assertThat(y).isEqualTo(expected);
        assertThat(where).isEqualTo(expectedWhere);
        for (int keep = 0; keep < 2; keep++) {
            float[] dx = Shapes.floats(random, x.length), expectedGrad = dx.clone();
            boolean kept = keep == 1;
            Pool.maxGrad(expectedGrad, dy, where, n, h, w, kernel, stride, padding, keep, 0, channels * h);
            Shapes.run(random, channels * h, (f, c) -> PoolBodies.maxGrad(dx, dy, where, s, kept, f, c));
            assertThat(dx).isEqualTo(expectedGrad);
        }
        float[] mean = new float[channels * n], expectedMean = new float[channels * n];
        Pool.mean(expectedMean, x, n, h * w, 0, channels);
        Shapes.run(random, channels, (f, c) -> PoolBodies.mean(mean, x, n, h * w, f, c));
        assertThat(mean).isEqualTo(expectedMean);
    }

    @RepeatedTest(20)
    void sumsMomentsAsTheKernelUpToRounding(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int channels = Shapes.size(random), length = Shapes.size(random) * (1 + random.nextInt(9));
        float[] x = Shapes.floats(random, channels * length), dy = Shapes.floats(random, channels * length);
        float[] mean = Shapes.floats(random, channels), variance = Shapes.positive(random, channels);
        float[] moments = new float[2 * channels], sums = new float[2 * channels];
        float[] otherMean = mean.clone(), otherVariance = variance.clone();
        float[] otherMoments = new float[2 * channels], otherSums = new float[2 * channels];
        Standardise.moments(moments, mean, variance, x, channels, length, 0.1f, 0, channels);
        Shapes.run(
                random,
                channels,
                (f, c) -> StandardiseBodies.moments(
                        otherMoments, otherMean, otherVariance, x, channels, length, 0.1f, f, c));
        Standardise.sums(sums, dy, x, moments, channels, length, 1e-5f, 0, channels);
        Shapes.run(
                random,
                channels,
                (f, c) -> StandardiseBodies.sums(otherSums, dy, x, moments, channels, length, 1e-5f, f, c));
        close(otherMoments, moments, 1e-5);
        close(otherMean, mean, 1e-5);
        close(otherVariance, variance, 1e-5);
        close(otherSums, sums, 1e-3);
    }

    private static void close(float[] actual, float[] expected, double tolerance) {
        double[] wanted = new double[expected.length];
        for (int i = 0; i < wanted.length; i++) wanted[i] = expected[i];
        assertThat(Shapes.difference(actual, wanted)).isLessThan(tolerance);
    }
}
