package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Five steps of each optimiser against the published recursions in double precision. */
class UpdateTest {
    @RepeatedTest(10)
    void stepsAsSgdWithMomentum(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random) * 11, nesterov = random.nextInt(2);
        float momentum = 0.9f, decay = 0.01f, rate = 0.1f;
        float[] w = Shapes.floats(random, n), v = new float[n];
        double[] weight = wide(w), velocity = new double[n];
        for (int t = 1; t <= 5; t++) {
            float[] g = Shapes.floats(random, n), step = {rate, 0.5f, 0, 0};
            Shapes.run(random, n, (f, c) -> Update.sgd(w, v, g, step, momentum, decay, nesterov, f, c));
            for (int i = 0; i < n; i++) {
                double gradient = 0.5 * g[i] + decay * weight[i];
                velocity[i] = momentum * velocity[i] + gradient;
                weight[i] -= rate * (nesterov == 1 ? gradient + momentum * velocity[i] : velocity[i]);
            }
        }
        assertThat(Shapes.difference(w, weight)).isLessThan(2e-6);
        assertThat(Shapes.difference(v, velocity)).isLessThan(2e-6);
    }

    @RepeatedTest(10)
    void stepsAsAdam(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random) * 11;
        float beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f, decay = 0.01f, decoupled = 0.05f;
        double rate = 0.01;
        float[] w = Shapes.floats(random, n), m = new float[n], v = new float[n];
        double[] weight = wide(w), first = new double[n], second = new double[n];
        for (int t = 1; t <= 5; t++) {
            double unbias1 = 1 / (1 - Math.pow(beta1, t)), unbias2 = 1 / Math.sqrt(1 - Math.pow(beta2, t));
            float[] g = Shapes.floats(random, n), step = {(float) rate, 0.5f, (float) unbias1, (float) unbias2};
            Shapes.run(
                    random, n, (f, c) -> Update.adam(w, m, v, g, step, beta1, beta2, epsilon, decay, decoupled, f, c));
            for (int i = 0; i < n; i++) {
                weight[i] -= rate * decoupled * weight[i];
                double gradient = 0.5 * g[i] + decay * weight[i];
                first[i] = beta1 * first[i] + (1 - (double) beta1) * gradient;
                second[i] = beta2 * second[i] + (1 - (double) beta2) * gradient * gradient;
                weight[i] -= rate * (first[i] * unbias1) / (Math.sqrt(second[i]) * unbias2 + epsilon);
            }
        }
        assertThat(Shapes.difference(w, weight)).isLessThan(5e-6);
        assertThat(Shapes.difference(m, first)).isLessThan(1e-6);
        assertThat(Shapes.difference(v, second)).isLessThan(1e-6);
    }

    private static double[] wide(float[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) y[i] = x[i];
        return y;
    }
}
