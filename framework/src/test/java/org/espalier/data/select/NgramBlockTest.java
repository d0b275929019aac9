package org.espalier.data.select;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NgramBlockTest {
    private static final int[] COUNTS = {2, NgramBlock.NO_DOCUMENT, 1};

    @Test
    void givesBackBucketsOfTwoBytes() {
        NgramBlock block = NgramBlock.of(COUNTS, new int[] {0, 65_535, 9_999, 7}, 3, 0);
        assertThat(block.high()).isNull();
        assertThat(block.bytes()).isEqualTo(6);
        assertThat(buckets(block)).containsExactly(0, 65_535, 9_999);
    }

    @Test
    void givesBackBucketsOfThreeBytes() {
        NgramBlock block = NgramBlock.of(COUNTS, new int[] {65_536, (1 << 24) - 1, 3}, 3, 0);
        assertThat(block.bytes()).isEqualTo(9);
        assertThat(buckets(block)).containsExactly(65_536, (1 << 24) - 1, 3);
    }

    private static int[] buckets(NgramBlock block) {
        int[] buckets = new int[block.size()];
        for (int i = 0; i < buckets.length; i++) buckets[i] = block.bucket(i);
        return buckets;
    }
}
