package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class BiasTest {
    @RepeatedTest(20)
    void addsAndSumsInBothLayouts(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int features = Shapes.size(random), n = Shapes.size(random), keep = random.nextInt(2);
        boolean rows = random.nextBoolean();
        int perFeature = rows ? 1 : n, perExample = rows ? features : 1;
        float[] y = Shapes.floats(random, features * n), bias = Shapes.floats(random, features);
        float[] sums = Shapes.floats(random, features);
        double[] added = new double[features * n], summed = new double[features];
        for (int f = 0; f < features; f++) {
            summed[f] = keep == 1 ? sums[f] : 0;
            for (int e = 0; e < n; e++) {
                int at = f * perFeature + e * perExample;
                added[at] = y[at] + bias[f];
                summed[f] += y[at];
            }
        }
        Shapes.run(random, features, (f, c) -> Bias.grad(sums, y, n, perFeature, perExample, keep, f, c));
        Shapes.run(random, features, (f, c) -> Bias.add(y, bias, n, perFeature, perExample, f, c));
        assertThat(Shapes.difference(y, added)).isLessThan(2e-7);
        assertThat(Shapes.difference(sums, summed)).isLessThan(2e-5);
    }
}
