package org.espalier.methods.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.espalier.methods.Sites;
import org.espalier.prune.Cut;
import org.espalier.prune.Evidence;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

class WandaTest {
    private static final Site.Weight SITE = Sites.weight("w", 2, 4, 3, -1, 2, -4, 1, 5, -2, 1);

    /** Inputs of norms 1, 4, 1/2 and 2. */
    private static final Evidence EVIDENCE = Sites.evidence(1, Map.of("INPUT_SQUARES", new float[] {1, 16, 0.25f, 4}));

    @Test
    void isMagnitudeTimesTheNormOfTheInput() {
        assertThat(new Wanda().score(SITE, EVIDENCE)).containsExactly(3, 4, 1, 8, 1, 20, 1, 2);
    }

    @Test
    void keepsTheBetterHalfOfEachRow() {
        Cut cut = Sites.cut(SITE, "{ score: wanda, pattern: { unstructured: row }, ratio: 0.5 }", EVIDENCE);
        assertThat(cut.mask()).containsExactly(false, true, false, true, false, true, false, true);
    }

    @Test
    void anInputThatIsAlwaysZeroGoesFirst() {
        Evidence dead = Sites.evidence(1, Map.of("INPUT_SQUARES", new float[] {1, 0, 1, 1}));
        Cut cut = Sites.cut(SITE, "{ score: wanda, pattern: { unstructured: row }, ratio: 0.25 }", dead);
        assertThat(cut.mask()).containsExactly(true, false, true, true, true, false, true, true);
    }
}
