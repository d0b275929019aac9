package org.espalier.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import org.espalier.engine.Rng;
import org.junit.jupiter.api.Test;

class DivergenceTest {
    private static final double LN_2 = Math.log(2);

    /** By its definition, with the library's functions. */
    private static double byDefinition(float[] a, float[] b) {
        double[] p = softmax(a), q = softmax(b);
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double m = (p[i] + q[i]) / 2;
            if (p[i] > 0) sum += p[i] * Math.log(p[i] / m) / 2;
            if (q[i] > 0) sum += q[i] * Math.log(q[i] / m) / 2;
        }
        return sum;
    }

    private static double[] softmax(float[] logits) {
        double sum = 0;
        double[] p = new double[logits.length];
        for (int i = 0; i < p.length; i++) sum += p[i] = Math.exp(logits[i]);
        for (int i = 0; i < p.length; i++) p[i] /= sum;
        return p;
    }

    @Test
    void isTheJensenShannonDivergence() {
        RandomGenerator random = Rng.of(1, "divergence", 0);
        for (int round = 0; round < 200; round++) {
            int classes = 2 + random.nextInt(300);
            float[] a = new float[classes], b = new float[classes];
            for (int i = 0; i < classes; i++) {
                a[i] = (float) (6 * random.nextGaussian());
                b[i] = round % 2 == 0 ? (float) (6 * random.nextGaussian()) : a[i] + (float) random.nextGaussian() / 50;
            }
            double ours = Divergence.of(a, b, 0, classes);
            assertThat(ours).isCloseTo(byDefinition(a, b), within(1e-12)).isBetween(0.0, LN_2);
            assertThat(Divergence.of(b, a, 0, classes)).isCloseTo(ours, within(1e-14));
            assertThat(Divergence.of(a, a, 0, classes)).isZero();
        }
    }

    @Test
    void ofOppositeCertaintiesIsTheLogarithmOfTwo() {
        float[] a = {500, 0, -500}, b = {-500, 0, 500};
        assertThat(Divergence.of(a, b, 0, 3)).isCloseTo(LN_2, within(1e-14));
    }

    @Test
    void exponentialsAndLogarithmsAreThoseOfTheLibrary() {
        for (double x = -690; x < 1; x += 0.0713)
            assertThat(Divergence.exp(x)).isCloseTo(StrictMath.exp(x), within(4e-16 * StrictMath.exp(x)));
        for (double x = -690; x < 700; x += 0.0713) {
            double y = StrictMath.exp(x);
            assertThat(Divergence.ln(y)).isCloseTo(StrictMath.log(y), within(4e-16 * Math.max(1, Math.abs(x))));
        }
        assertThat(Divergence.exp(0)).isEqualTo(1);
        assertThat(Divergence.ln(1)).isZero();
        assertThat(Divergence.exp(-800)).isZero();
    }
}
