package org.espalier.methods.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.espalier.methods.Sites;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

class MagnitudeTest {
    @Test
    void isTheAbsoluteValue() {
        Site.Weight site = Sites.weight("w", 2, 2, 3, -1, 0, -4);
        assertThat(new Magnitude().score(site, Sites.evidence(Map.of()))).containsExactly(3, 1, 0, 4);
        assertThat(site.parameter().value()).containsExactly(3, -1, 0, -4);
    }
}
