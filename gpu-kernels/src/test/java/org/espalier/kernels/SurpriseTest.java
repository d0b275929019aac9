package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.espalier.launch.SurpriseBodies;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class SurpriseTest {
    @RepeatedTest(20)
    void measuresCrossEntropyAndEntropy(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random), classes = 1 + Shapes.size(random), from = random.nextInt(n);
        float[] logits = Shapes.floats(random, (n - from) * classes);
        int[] labels = new int[n];
        for (int t = 0; t < n; t++) labels[t] = random.nextInt(classes);
        float[] losses = new float[n], entropies = new float[n], fast = new float[n], fastEntropies = new float[n];
        Shapes.run(
                random, n - from, (f, c) -> Surprise.measure(losses, entropies, logits, labels, from, classes, f, c));
        Shapes.run(
                random,
                n - from,
                (f, c) -> SurpriseBodies.measure(fast, fastEntropies, logits, labels, from, classes, f, c));
        double[] wanted = new double[n], entropy = new double[n];
        for (int t = from; t < n; t++) {
            double sum = 0;
            for (int c = 0; c < classes; c++) sum += Math.exp(logits[(t - from) * classes + c]);
            for (int c = 0; c < classes; c++) {
                double p = Math.exp(logits[(t - from) * classes + c]) / sum;
                entropy[t] -= p * Math.log(p);
                if (c == labels[t]) wanted[t] = -Math.log(p);
            }
        }
        assertThat(Shapes.difference(losses, wanted)).isLessThan(1e-5);
        assertThat(Shapes.difference(entropies, entropy)).isLessThan(1e-5);
        assertThat(Shapes.difference(fast, wanted)).isLessThan(1e-5);
        assertThat(Shapes.difference(fastEntropies, entropy)).isLessThan(1e-5);
    }
}
