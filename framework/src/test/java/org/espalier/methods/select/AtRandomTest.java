package org.espalier.methods.select;

import static org.assertj.core.api.Assertions.assertThat;

import org.espalier.select.Pools;
import org.junit.jupiter.api.Test;

class AtRandomTest {
    @Test
    void drawsEachExampleAsOftenAsAnother() {
        int[] times = new int[45];
        for (int seed = 0; seed < 2000; seed++)
            for (int id : new AtRandom().select(Pools.sums(9, seed)).ids()) times[id]++;
        // each is drawn in a fifth of 2000 draws: mean 400, standard deviation 18
        for (int count : times) assertThat(count).isBetween(310, 490);
    }

    @Test
    void smallerSelectionsAreParts() {
        int[] few = new AtRandom().select(Pools.sums(5, 3)).ids();
        assertThat(new AtRandom().select(Pools.sums(20, 3)).ids()).contains(few);
        assertThat(new AtRandom().select(Pools.sums(5, 4)).ids()).isNotEqualTo(few);
    }
}
