package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class StandardiseTest {
    private static final float EPSILON = 1e-5f;

    @RepeatedTest(20)
    void standardisesByTheDefinition(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int channels = Shapes.size(random), length = 1 + Shapes.size(random), keep = random.nextInt(2);
        float[] x = Shapes.floats(random, channels * length), dy = Shapes.floats(random, channels * length);
        float[] scale = Shapes.floats(random, channels), shift = Shapes.floats(random, channels);
        float[] runningMean = Shapes.floats(random, channels), runningVariance = Shapes.positive(random, channels);
        float[] before = Shapes.floats(random, x.length), dx = before.clone(), y = new float[x.length];
        float[] moments = new float[2 * channels], sums = new float[2 * channels];
        double[] expected = new double[x.length], grad = new double[x.length], expectedSums = new double[2 * channels];
        double[] means = new double[channels], variances = new double[channels];
        for (int c = 0; c < channels; c++) {
            double mean = 0, variance = 0, plain = 0, along = 0;
            for (int e = c * length; e < (c + 1) * length; e++) mean += x[e] / (double) length;
            for (int e = c * length; e < (c + 1) * length; e++) variance += (x[e] - mean) * (x[e] - mean) / length;
            double inverse = 1 / Math.sqrt(variance + EPSILON);
            for (int e = c * length; e < (c + 1) * length; e++) {
                expected[e] = (x[e] - mean) * inverse * scale[c] + shift[c];
                plain += dy[e];
                along += dy[e] * (x[e] - mean) * inverse;
            }
            for (int e = c * length; e < (c + 1) * length; e++)
                grad[e] = (keep == 1 ? before[e] : 0)
                        + scale[c] * inverse * (dy[e] - plain / length - (x[e] - mean) * inverse * along / length);
            expectedSums[c] = plain;
            expectedSums[channels + c] = along;
            means[c] = 0.9 * runningMean[c] + 0.1 * mean;
            variances[c] = 0.9 * runningVariance[c] + 0.1 * variance * length / (length - 1);
        }
        Shapes.run(
                random,
                channels,
                (f, n) -> Standardise.moments(moments, runningMean, runningVariance, x, channels, length, 0.1f, f, n));
        Shapes.run(
                random,
                channels,
                (f, n) -> Standardise.apply(y, x, moments, moments, channels, scale, shift, length, EPSILON, f, n));
        Shapes.run(random, channels, (f, n) -> Standardise.sums(sums, dy, x, moments, channels, length, EPSILON, f, n));
        Shapes.run(
                random,
                channels,
                (f, n) ->
                        Standardise.inputGrad(dx, dy, x, moments, sums, scale, channels, length, EPSILON, keep, f, n));
        float[] taken = new float[channels];
        Shapes.run(random, channels, (f, n) -> Standardise.take(taken, sums, channels, 0, f, n));
        assertThat(Shapes.difference(y, expected)).isLessThan(1e-4);
        assertThat(Shapes.difference(sums, expectedSums)).isLessThan(1e-3);
        assertThat(Shapes.difference(dx, grad)).isLessThan(2e-3);
        assertThat(Shapes.difference(runningMean, means)).isLessThan(1e-5);
        assertThat(Shapes.difference(runningVariance, variances)).isLessThan(1e-5);
        assertThat(taken).isEqualTo(java.util.Arrays.copyOfRange(sums, channels, 2 * channels));
    }
}
