package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class PointwiseTest {
    @RepeatedTest(20)
    void treatsEachElementAsALoopDoes(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random) * Shapes.size(random), keep = random.nextInt(2);
        float[] a = Shapes.floats(random, n), b = Shapes.floats(random, n), before = Shapes.floats(random, n);
        float[] mask = Shapes.mask(random, n, 0.5);
        float[] relu = before.clone(), reluGrad = before.clone(), add = before.clone(), copy = before.clone();
        int[] bits = Shapes.bits(mask);
        float[] masked = a.clone(), scaled = before.clone();
        Shapes.run(random, n, (f, c) -> Pointwise.relu(relu, a, f, c));
        Shapes.run(random, n, (f, c) -> Pointwise.reluGrad(reluGrad, b, relu, keep, f, c));
        Shapes.run(random, n, (f, c) -> Pointwise.add(add, a, b, f, c));
        Shapes.run(random, n, (f, c) -> Pointwise.copy(copy, a, keep, f, c));
        Shapes.run(random, n, (f, c) -> Pointwise.mask(masked, bits, f, c));
        Shapes.run(random, n, (f, c) -> Pointwise.scale(scaled, a, 0.3f, keep, f, c));
        equal(scaled, i -> (keep == 1 ? before[i] : 0) + 0.3f * a[i]);
        equal(relu, i -> Math.max(a[i], 0));
        equal(reluGrad, i -> (keep == 1 ? before[i] : 0) + (a[i] > 0 ? b[i] : 0));
        equal(add, i -> a[i] + b[i]);
        equal(copy, i -> (keep == 1 ? before[i] : 0) + a[i]);
        equal(masked, i -> a[i] * mask[i]);
    }

    @RepeatedTest(20)
    void transposes(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int rows = Shapes.size(random), columns = Shapes.size(random), keep = random.nextInt(2);
        float[] x = Shapes.floats(random, rows * columns), y = Shapes.floats(random, rows * columns);
        float[] before = y.clone();
        Shapes.run(random, columns, (f, c) -> Pointwise.transpose(y, x, rows, columns, keep, f, c));
        equal(y, i -> (keep == 1 ? before[i] : 0) + x[i % rows * columns + i / rows]);
    }

    private static void equal(float[] actual, IntToDoubleFunction expected) {
        double[] values =
                IntStream.range(0, actual.length).mapToDouble(expected).toArray();
        assertThat(Shapes.difference(actual, values)).isLessThan(2e-7);
    }
}
