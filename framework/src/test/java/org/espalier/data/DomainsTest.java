package org.espalier.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DomainsTest {
    private static final Domains THREE = new Domains(List.of("news", "lore", "news"), new int[] {6, 9, 20});

    @Test
    void aStretchIsOfTheKindOfMostOfItsTokens() {
        assertThat(THREE.most(0, 6)).isEqualTo("news");
        assertThat(THREE.most(4, 5)).isEqualTo("lore");
        assertThat(THREE.most(4, 4)).isEqualTo("news"); // two and two: the first
        assertThat(THREE.most(4, 8)).isEqualTo("news"); // two, three, three
        assertThat(THREE.most(6, 3)).isEqualTo("lore");
        assertThat(THREE.most(9, 100)).isEqualTo("news");
    }

    @Test
    void nothingIsKnownBeyondTheEnd() {
        assertThat(THREE.most(20, 5)).isEmpty();
        assertThat(Domains.NONE.most(0, 5)).isEmpty();
    }
}
