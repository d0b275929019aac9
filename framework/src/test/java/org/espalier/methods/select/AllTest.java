package org.espalier.methods.select;

import static org.assertj.core.api.Assertions.assertThat;

import org.espalier.select.Pools;
import org.espalier.select.Selection;
import org.junit.jupiter.api.Test;

class AllTest {
    @Test
    void takesEverything() {
        Selection all = new All().select(Pools.sums(45, 1));
        assertThat(all.ids()).hasSize(45).startsWith(0, 1, 2).endsWith(44);
        assertThat(new All().needsKeep()).isFalse();
    }
}
