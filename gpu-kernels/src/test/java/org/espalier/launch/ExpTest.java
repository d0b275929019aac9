package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class ExpTest {
    /** Every 499th float there is, both signs, infinities and NaNs included. */
    private static final int STRIDE = 499;

    @Test
    void staysWithinItsBoundAndGivesTheSameBitsInVectors() {
        int length = Lanes.LENGTH, tried = 0;
        float[] x = new float[length], y = new float[length];
        double worst = 0, worstSubnormal = 0;
        for (long bits = 0; bits < 1L << 32; bits += (long) STRIDE * length) {
            for (int i = 0; i < length; i++) x[i] = Float.intBitsToFloat((int) (bits + (long) i * STRIDE));
            Exp.of(FloatVector.fromArray(Lanes.S, x, 0)).intoArray(y, 0);
            for (int i = 0; i < length; i++) {
                tried++;
                float alone = Exp.of(x[i]);
                assertThat(Float.floatToIntBits(y[i]) == Float.floatToIntBits(alone))
                        .as("bits of exp(%s)", x[i])
                        .isTrue();
                double exact = Math.exp(x[i]);
                if (Double.isNaN(exact) || exact >= Float.MAX_VALUE || exact < Float.MIN_VALUE / 2) continue;
                double error = Math.abs(alone - exact) / Math.ulp((float) exact);
                if (exact < Float.MIN_NORMAL) worstSubnormal = Math.max(worstSubnormal, error);
                else worst = Math.max(worst, error);
            }
        }
        System.out.printf(
                "ExpTest: %d floats, at most %.3f ulp from exact, %.3f ulp where the result is subnormal%n",
                tried, worst, worstSubnormal);
        assertThat(worst).isLessThan(1.1);
        assertThat(worstSubnormal).isLessThan(1);
    }

    @Test
    void keepsTheEdges() {
        assertThat(Exp.of(0f)).isEqualTo(1f);
        assertThat(Exp.of(-0f)).isEqualTo(1f);
        assertThat(Exp.of(Float.NaN)).isNaN();
        assertThat(Exp.of(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(Exp.of(Float.NEGATIVE_INFINITY)).isEqualTo(0f);
        assertThat(Exp.of(88.8f)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(Exp.of(-104.1f)).isZero();
        assertThat(Exp.of(88.7f)).isFinite();
    }
}
