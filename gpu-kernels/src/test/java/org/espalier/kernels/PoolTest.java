package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class PoolTest {
    @RepeatedTest(40)
    void poolsAndSpreadsGradientsByTheDefinition(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int batch = 1 + random.nextInt(5), channels = 1 + random.nextInt(4), kernel = 1 + random.nextInt(3);
        int stride = 1 + random.nextInt(3), padding = random.nextInt(kernel / 2 + 1), keep = random.nextInt(2);
        int height = kernel + random.nextInt(7), width = kernel + random.nextInt(7);
        int outHeight = (height + 2 * padding - kernel) / stride + 1;
        int outWidth = (width + 2 * padding - kernel) / stride + 1;
        float[] x = Shapes.floats(random, channels * height * width * batch);
        float[] dy = Shapes.floats(random, channels * outHeight * outWidth * batch);
        float[] before = Shapes.floats(random, x.length);
        double[] largest = new double[dy.length], mean = new double[dy.length];
        double[] largestGrad = new double[x.length], meanGrad = new double[x.length];
        for (int i = 0; i < x.length && keep == 1; i++) largestGrad[i] = meanGrad[i] = before[i];
        for (int o = 0; o < dy.length; o++) {
            int n = o % batch, ox = o / batch % outWidth, oy = o / batch / outWidth % outHeight;
            int c = o / batch / outWidth / outHeight, best = -1;
            for (int k = 0; k < kernel * kernel; k++) {
                int iy = oy * stride - padding + k / kernel, ix = ox * stride - padding + k % kernel;
                if (iy < 0 || ix < 0 || iy >= height || ix >= width) continue;
                int at = ((c * height + iy) * width + ix) * batch + n;
                if (best < 0 || x[at] > x[best]) best = at;
                mean[o] += x[at] / (double) (kernel * kernel);
                meanGrad[at] += dy[o] / (double) (kernel * kernel);
            }
            largest[o] = x[best];
            largestGrad[best] += dy[o];
        }
        float[] y = new float[dy.length], dx = before.clone(), average = new float[dy.length], da = before.clone();
        int[] where = new int[dy.length];
        Shapes.run(
                random,
                channels * outHeight,
                (f, n) -> Pool.largest(y, where, x, batch, height, width, kernel, stride, padding, f, n));
        Shapes.run(
                random,
                channels * height,
                (f, n) -> Pool.maxGrad(dx, dy, where, batch, height, width, kernel, stride, padding, keep, f, n));
        Shapes.run(
                random,
                channels * outHeight,
                (f, n) -> Pool.average(average, x, batch, height, width, kernel, stride, padding, f, n));
        Shapes.run(
                random,
                channels * height,
                (f, n) -> Pool.averageGrad(da, dy, batch, height, width, kernel, stride, padding, keep, f, n));
        assertThat(Shapes.difference(y, largest)).isZero();
        assertThat(Shapes.difference(dx, largestGrad)).isLessThan(1e-6);
        assertThat(Shapes.difference(average, mean)).isLessThan(1e-6);
        assertThat(Shapes.difference(da, meanGrad)).isLessThan(1e-6);
    }

    @RepeatedTest(10)
    void averagesPlanesAndSumsGroups(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int batch = Shapes.size(random), channels = Shapes.size(random), positions = Shapes.size(random);
        float[] x = Shapes.floats(random, channels * positions * batch), dy = Shapes.floats(random, channels * batch);
        float[] y = new float[dy.length], dx = new float[x.length], sum = new float[positions * batch];
        double[] mean = new double[dy.length], grad = new double[x.length], groups = new double[sum.length];
        for (int i = 0; i < x.length; i++) {
            int at = i / (positions * batch) * batch + i % batch;
            mean[at] += x[i] / (double) positions;
            grad[i] = dy[at] / (double) positions;
            groups[i % (positions * batch)] += x[i];
        }
        Shapes.run(random, channels, (f, n) -> Pool.mean(y, x, batch, positions, f, n));
        Shapes.run(random, channels, (f, n) -> Pool.meanGrad(dx, dy, batch, positions, 0, f, n));
        Shapes.run(random, positions, (f, n) -> Pool.sum(sum, x, batch, positions, channels, f, n));
        assertThat(Shapes.difference(y, mean)).isLessThan(1e-5);
        assertThat(Shapes.difference(dx, grad)).isLessThan(1e-6);
        assertThat(Shapes.difference(sum, groups)).isLessThan(1e-4);
    }

    @Test
    void ofEqualEntriesTheFirstTakesTheGradient() {
        float[] y = new float[1], dx = new float[4];
        int[] where = new int[1];
        Pool.largest(y, where, new float[] {1, 3, 3, 3}, 1, 2, 2, 2, 2, 0, 0, 1);
        Pool.maxGrad(dx, new float[] {5}, where, 1, 2, 2, 2, 2, 0, 0, 0, 2);
        assertThat(dx).containsExactly(0, 5, 0, 0);
    }
}
