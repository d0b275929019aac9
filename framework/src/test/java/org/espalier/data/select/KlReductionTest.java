package org.espalier.data.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class KlReductionTest {
    private static final NgramCounts RAW = counts(0, 1, 1, 2);
    private static final NgramCounts TARGET = counts(0, 1);

    @Test
    void isZeroWhenEverythingIsSelected() {
        assertThat(KlReduction.of(List.of(TARGET, counts(2)), RAW, counts(2, 1, 0, 1)))
                .isZero();
    }

    /** By hand: the target has halves where raw shares are 1/4 and 1/2, so those of the selection {1, 0} are 0.475 and 0.5. */
    @Test
    void isTheDifferenceOfTwoDivergences() {
        double raw = Math.log(2) / 2;
        double selected = Math.log(0.5 / 0.475) / 2;
        assertThat(KlReduction.ofRaw(TARGET, RAW)).isCloseTo(raw, within(1e-7));
        assertThat(KlReduction.of(List.of(TARGET), RAW, counts(1, 0))).isCloseTo(raw - selected, within(1e-7));
    }

    @Test
    void isTheMeanOverTargets() {
        NgramCounts other = counts(2);
        NgramCounts selected = counts(1, 2);
        double mean =
                (KlReduction.of(List.of(TARGET), RAW, selected) + KlReduction.of(List.of(other), RAW, selected)) / 2;
        assertThat(KlReduction.of(List.of(TARGET, other), RAW, selected)).isCloseTo(mean, within(1e-12));
    }

    private static NgramCounts counts(int... buckets) {
        NgramCounts counts = new NgramCounts(3);
        counts.add(buckets);
        return counts;
    }
}
