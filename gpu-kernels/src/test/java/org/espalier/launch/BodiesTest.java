package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.espalier.kernels.Bias;
import org.espalier.kernels.CrossEntropy;
import org.espalier.kernels.Norm;
import org.espalier.kernels.Pointwise;
import org.espalier.kernels.Shapes;
import org.espalier.kernels.Update;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Host bodies against their kernels at shapes and options that a plain perceptron does not reach. */
class BodiesTest {
    @RepeatedTest(20)
    void elementsHaveTheKernelsBits(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random) * Shapes.size(random), keep = random.nextInt(2);
        float[] a = Shapes.floats(random, n), b = Shapes.floats(random, n), y = Shapes.floats(random, n);
        a[random.nextInt(n)] = Float.NaN;
        a[random.nextInt(n)] = -0f;
        int[] mask = Shapes.bits(Shapes.mask(random, n, 0.5));
        same(
                random,
                n,
                y,
                (z, s) -> s.run(z, (f, c) -> Pointwise.relu(z, a, f, c)),
                (z, s) -> s.run(z, (f, c) -> ElementBodies.relu(z, a, f, c)));
        same(
                random,
                n,
                y,
                (z, s) -> s.run(z, (f, c) -> Pointwise.reluGrad(z, b, a, keep, f, c)),
                (z, s) -> s.run(z, (f, c) -> ElementBodies.reluGrad(z, b, a, keep, f, c)));
        same(
                random,
                n,
                y,
                (z, s) -> s.run(z, (f, c) -> Pointwise.add(z, a, b, f, c)),
                (z, s) -> s.run(z, (f, c) -> ElementBodies.add(z, a, b, f, c)));
        same(
                random,
                n,
                y,
                (z, s) -> s.run(z, (f, c) -> Pointwise.copy(z, a, keep, f, c)),
                (z, s) -> s.run(z, (f, c) -> ElementBodies.copy(z, a, keep, f, c)));
        same(
                random,
                n,
                a,
                (z, s) -> s.run(z, (f, c) -> Pointwise.mask(z, mask, f, c)),
                (z, s) -> s.run(z, (f, c) -> ElementBodies.mask(z, mask, f, c)));
    }

    @RepeatedTest(20)
    void transposesAndBiasesHaveTheKernelsBits(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int rows = Shapes.size(random), columns = Shapes.size(random), keep = random.nextInt(2), n = rows * columns;
        float[] x = Shapes.floats(random, n), y = Shapes.floats(random, n), bias = Shapes.floats(random, columns);
        same(
                random,
                columns,
                y,
                (z, s) -> s.run(z, (f, c) -> Pointwise.transpose(z, x, rows, columns, keep, f, c)),
                (z, s) -> s.run(z, (f, c) -> ElementBodies.transpose(z, x, rows, columns, keep, f, c)));
        same(
                random,
                columns,
                y,
                (z, s) -> s.run(z, (f, c) -> Bias.add(z, bias, rows, 1, columns, f, c)),
                (z, s) -> s.run(z, (f, c) -> BiasBodies.add(z, bias, rows, 1, columns, f, c)));
        same(
                random,
                columns,
                y,
                (z, s) -> s.run(z, (f, c) -> Bias.add(z, bias, rows, rows, 1, f, c)),
                (z, s) -> s.run(z, (f, c) -> BiasBodies.add(z, bias, rows, rows, 1, f, c)));
        same(
                random,
                columns,
                bias,
                (z, s) -> s.run(z, (f, c) -> Bias.grad(z, x, rows, 1, columns, keep, f, c)),
                (z, s) -> s.run(z, (f, c) -> BiasBodies.grad(z, x, rows, 1, columns, keep, f, c)));
        float[] kernel = bias.clone(), body = bias.clone();
        Bias.grad(kernel, x, rows, rows, 1, keep, 0, columns);
        Shapes.run(random, columns, (f, c) -> BiasBodies.grad(body, x, rows, rows, 1, keep, f, c));
        close(body, kernel, 2e-5);
    }

    @RepeatedTest(20)
    void updatesHaveTheKernelsBits(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random) * 3, nesterov = random.nextInt(2);
        float[] g = Shapes.floats(random, n), step = {0.01f, 0.7f, 1.3f, 1.1f};
        float[] w1 = Shapes.floats(random, n), m1 = Shapes.floats(random, n), v1 = Shapes.positive(random, n);
        float[] w2 = w1.clone(), m2 = m1.clone(), v2 = v1.clone();
        for (int t = 0; t < 3; t++) {
            Update.adam(w1, m1, v1, g, step, 0.9f, 0.999f, 1e-8f, 0.1f, 0.2f, 0, n);
            Shapes.run(
                    random, n, (f, c) -> UpdateBodies.adam(w2, m2, v2, g, step, 0.9f, 0.999f, 1e-8f, 0.1f, 0.2f, f, c));
            Update.sgd(w1, m1, g, step, 0.9f, 0.1f, nesterov, 0, n);
            Shapes.run(random, n, (f, c) -> UpdateBodies.sgd(w2, m2, g, step, 0.9f, 0.1f, nesterov, f, c));
        }
        assertThat(w2).isEqualTo(w1);
        assertThat(m2).isEqualTo(m1);
        assertThat(v2).isEqualTo(v1);
    }

    @RepeatedTest(20)
    void softmaxOfAnyLengthAgrees(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random), classes = random.nextBoolean() ? Shapes.size(random) : 128 + Shapes.size(random);
        boolean rows = random.nextBoolean();
        int perClass = rows ? 1 : n, perExample = rows ? classes : 1;
        float[] logits = Shapes.floats(random, n * classes), weights = Shapes.mask(random, n, 0.8);
        for (int i = 0; i < logits.length; i++) logits[i] = Math.round(8 * logits[i]); // equal largest ones happen
        int[] labels = Shapes.below(random, n, classes);
        float[][] kernel = {new float[n], new float[n], new float[n * classes]};
        float[][] body = {new float[n], new float[n], new float[n * classes]};
        CrossEntropy.forward(
                kernel[0], kernel[1], kernel[2], logits, labels, weights, classes, perClass, perExample, 0, n);
        Shapes.run(
                random,
                n,
                (f, c) -> CrossEntropyBodies.forward(
                        body[0], body[1], body[2], logits, labels, weights, classes, perClass, perExample, f, c));
        close(body[0], kernel[0], 2e-6);
        assertThat(body[1]).isEqualTo(kernel[1]);
        close(body[2], kernel[2], 2e-6);
    }

    @RepeatedTest(10)
    void squaresAgree(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random) * Shapes.size(random), length = 16 * Shapes.size(random);
        int parts = (n + length - 1) / length, offset = random.nextInt(3);
        float[] x = Shapes.floats(random, n), kernel = new float[parts + 3], body = new float[parts + 3];
        Norm.squares(kernel, x, n, length, offset, 0, parts);
        Shapes.run(random, parts, (f, c) -> NormBodies.squares(body, x, n, length, offset, f, c));
        close(body, kernel, 1e-5);
    }

    private interface Slices {
        void run(float[] z, Launch.Slice slice);
    }

    private interface Body {
        void apply(float[] z, Slices slices);
    }

    /** The kernel in one piece and the body in random slices leave the same bits in copies of {@code y}. */
    private static void same(RandomGenerator random, int extent, float[] y, Body kernel, Body body) {
        float[] expected = y.clone(), actual = y.clone();
        kernel.apply(expected, (z, slice) -> slice.run(0, extent));
        body.apply(actual, (z, slice) -> Shapes.run(random, extent, slice));
        for (int i = 0; i < expected.length; i++)
            assertThat(Float.floatToIntBits(actual[i])).isEqualTo(Float.floatToIntBits(expected[i]));
    }

    private static void close(float[] actual, float[] expected, double tolerance) {
        double[] wide = new double[expected.length];
        for (int i = 0; i < wide.length; i++) wide[i] = expected[i];
        assertThat(Shapes.difference(actual, wide)).isLessThan(tolerance);
    }
}
