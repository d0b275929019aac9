package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class CrossEntropyTest {
    @RepeatedTest(30)
    void losesAsTheDefinitionSays(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random), classes = Shapes.size(random), keep = random.nextInt(2);
        boolean rows = random.nextBoolean();
        int perClass = rows ? 1 : n, perExample = rows ? classes : 1;
        float[] logits = Shapes.floats(random, n * classes), weights = Shapes.mask(random, n, 0.8);
        for (int i = 0; i < logits.length; i++) logits[i] *= 10;
        int[] labels = Shapes.below(random, n, classes);
        float[] losses = new float[n], correct = new float[n], p = new float[n * classes], total = new float[1];
        float[] gradient = Shapes.floats(random, n * classes);
        double[] dLogits = new double[n * classes], probabilities = new double[n * classes], lost = new double[n];
        double sum = 0;
        for (int e = 0; e < n; e++) {
            double norm = 0;
            for (int c = 0; c < classes; c++) norm += Math.exp(logits[c * perClass + e * perExample]);
            for (int c = 0; c < classes; c++) {
                int at = c * perClass + e * perExample;
                probabilities[at] = Math.exp(logits[at]) / norm;
                dLogits[at] =
                        (keep == 1 ? gradient[at] : 0) + weights[e] * (probabilities[at] - (labels[e] == c ? 1 : 0));
            }
            lost[e] = weights[e] * (Math.log(norm) - logits[labels[e] * perClass + e * perExample]);
            sum += lost[e];
        }
        Shapes.run(
                random,
                n,
                (f, c) -> CrossEntropy.forward(
                        losses, correct, p, logits, labels, weights, classes, perClass, perExample, f, c));
        Shapes.run(
                random,
                n,
                (f, c) -> CrossEntropy.grad(gradient, p, labels, weights, classes, perClass, perExample, keep, f, c));
        CrossEntropy.total(total, losses, n, 0, 1);
        assertThat(Shapes.difference(p, probabilities)).isLessThan(2e-6);
        assertThat(Shapes.difference(losses, lost)).isLessThan(3e-6);
        assertThat(Shapes.difference(gradient, dLogits)).isLessThan(2e-6);
        assertThat(Shapes.difference(total, new double[] {sum})).isLessThan(1e-5);
    }

    @Test
    void countsTheFirstOfEqualLogitsAndStaysFiniteForLargeOnes() {
        float[] losses = new float[3], correct = new float[3], p = new float[9];
        float[] logits = {5, 5, 1, 5, 5, 1, 1e30f, -1e30f, 0};
        CrossEntropy.forward(losses, correct, p, logits, new int[] {0, 1, 0}, new float[] {1, 1, 1}, 3, 1, 3, 0, 3);
        assertThat(correct).containsExactly(1f, 0f, 1f);
        assertThat(losses[2]).isZero();
        assertThat(p).doesNotContain(Float.NaN);
    }
}
