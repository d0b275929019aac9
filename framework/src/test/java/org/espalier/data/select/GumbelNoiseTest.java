package org.espalier.data.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GumbelNoiseTest {
    /** {@code numpy.random.seed(0); numpy.random.gumbel(size=5)}. */
    @Test
    void isNumpysLegacyStream() {
        GumbelNoise noise = new GumbelNoise(0);
        double[] expected = {
            0.2283137586277238, -0.2278769414993676, 0.07988431226434371, 0.2392714694274936, 0.5959324680835238
        };
        for (double value : expected) assertThat(noise.next()).isCloseTo(value, within(1e-15));
    }

    /** The 10,000th output of the reference implementation for seed 5489 is 4123659995. */
    @Test
    void isTheMersenneTwisterOfItsAuthors() {
        MersenneTwister twister = new MersenneTwister(5489);
        for (int i = 0; i < 4_999; i++) twister.nextDouble();
        long high = (long) (twister.nextDouble() * (1L << 53));
        assertThat(high & (1 << 26) - 1).isEqualTo(4123659995L >>> 6);
    }

    @Test
    void refusesSeedsThatNumpyRefuses() {
        assertThatThrownBy(() -> new GumbelNoise(-1)).hasMessageContaining("not -1");
        assertThatThrownBy(() -> new GumbelNoise(1L << 32)).hasMessageContaining("not 4294967296");
    }
}
