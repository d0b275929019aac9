package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DropoutTest {
    private static final int SIZE = 1 << 18;

    private static float[] of(int turn, int salt, float share) {
        float[] x = new float[SIZE], y = new float[SIZE];
        Arrays.fill(x, 3f);
        Dropout.apply(y, x, new int[] {turn}, salt, share, 0, 0, SIZE);
        return y;
    }

    @Test
    void leavesOutTheShareAndEnlargesTheRest() {
        for (float share : new float[] {0.05f, 0.1f, 0.5f}) {
            float[] y = of(7, 11, share);
            int out = 0;
            for (float v : y) {
                if (v == 0) out++;
                else assertThat(v).isEqualTo(3f / (1 - share));
            }
            double deviation = Math.sqrt(share * (1 - share) / SIZE);
            assertThat((double) out / SIZE).isCloseTo(share, within(4 * deviation));
        }
    }

    @Test
    void leavesNothingOutWhereTheShareIsZero() {
        assertThat(of(7, 11, 0)).containsOnly(3f);
    }

    /** Elements, turns and tensors decide independently: of any two, both are left out as often as the product of shares says. */
    @Test
    void choosesIndependently() {
        float[] y = of(7, 11, 0.5f);
        float[][] others = {of(8, 11, 0.5f), of(7, 12, 0.5f), of(11, 7, 0.25f), shifted(y, 1), shifted(y, 256)};
        for (float[] other : others) {
            double share = 0, both = 0;
            for (int i = 0; i < SIZE; i++) {
                if (other[i] == 0) share++;
                if (other[i] == 0 && y[i] == 0) both++;
            }
            if (Arrays.equals(y, other)) throw new AssertionError("the same elements");
            assertThat(both / SIZE).isCloseTo(0.5 * share / SIZE, within(4 * 0.5 / Math.sqrt(SIZE)));
        }
    }

    private static float[] shifted(float[] y, int by) {
        float[] shifted = new float[SIZE];
        for (int i = 0; i < SIZE; i++) shifted[i] = y[(i + by) % SIZE];
        return shifted;
    }

    @Test
    void slicesAreTheWhole() {
        float[] x = new float[1000], whole = new float[1000], cut = new float[1000];
        for (int i = 0; i < x.length; i++) whole[i] = cut[i] = x[i] = i;
        Dropout.apply(whole, x, new int[] {3}, 5, 0.3f, 1, 0, 1000);
        Dropout.apply(cut, x, new int[] {3}, 5, 0.3f, 1, 0, 257);
        Dropout.apply(cut, x, new int[] {3}, 5, 0.3f, 1, 257, 743);
        assertThat(cut).isEqualTo(whole);
    }
}
