package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.espalier.data.TokenWindows;
import org.junit.jupiter.api.Test;

class OverlapTest {
    private static TokenWindows windows(int first, int count) {
        int[] tokens = IntStream.range(first, first + 20 * count).toArray();
        return new TokenWindows(
                "text",
                "",
                10_000,
                20,
                tokens,
                IntStream.range(0, count).map(i -> 20 * i).toArray());
    }

    @Test
    void isTheShareOfStretchesThatBothHave() {
        assertThat(Overlap.of(windows(0, 4), windows(0, 4))).isEqualTo(1);
        assertThat(Overlap.of(windows(0, 4), windows(5000, 4))).isZero();
        assertThat(Overlap.of(windows(0, 1), windows(0, 4))).isCloseTo(0.25, within(1e-12));
        // windows of 20 shifted by 4 share stretches of 13 beginning at 4, 5, 6 and 7 of the first: 4 of 8
        assertThat(Overlap.of(windows(0, 1), windows(4, 1))).isCloseTo(0.5, within(1e-12));
    }
}
