package org.espalier.methods.refine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.espalier.methods.Sites;
import org.espalier.prune.Cut;
import org.espalier.prune.Evidence;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

class DsnotTest {
    private static final Site.Weight SITE = Sites.weight("w", 1, 6, 1, -0.2f, 0.5f, -0.9f, 2, 3);
    private static final Evidence EVIDENCE = Sites.evidence(
            1,
            Map.of(
                    "INPUT_MEAN", new float[] {0.1f, 1, 1, 1, 1, 1},
                    "INPUT_VARIANCE", new float[] {1, 1, 1, 1, 1, 1},
                    "INPUT_SQUARES", new float[] {1, 1, 1, 1, 1, 1}));

    private static Cut refined(Dsnot method) {
        Cut cut = Sites.cut(SITE, "{ score: wanda, pattern: { unstructured: row }, ratio: 0.5 }", EVIDENCE);
        assertThat(cut.mask()).containsExactly(true, false, false, false, true, true);
        method.refine(cut);
        return cut;
    }

    /** Of the pruned {1, 2, 3}, ε = −0.6: 3 comes back, the smallest kept weight with w·μ > 0 goes, which is 0; then ε = 0.4. */
    @Test
    void oneCycleExchangesTheWorstPair() {
        assertThat(refined(new Dsnot(1, 0.1, 1, false, List.of())).mask())
                .containsExactly(false, false, false, true, true, true);
    }

    @Test
    void stopsWhereTheErrorIsSmallAndWhereNothingIsLeftToMove() {
        assertThat(refined(new Dsnot(50, 0.6, 1, false, List.of())).mask())
                .containsExactly(true, false, false, false, true, true);
        assertThat(refined(new Dsnot(50, 0.1, 1, false, List.of())).mask())
                .containsExactly(false, false, false, true, true, true);
    }

    @Test
    void keepsTheSignOfTheErrorIfAsked() {
        assertThat(refined(new Dsnot(50, 0.1, 1, true, List.of())).mask())
                .containsExactly(true, false, false, false, true, true);
    }

    @Test
    void passesOverLayersByName() {
        assertThat(refined(new Dsnot(50, 0.1, 1, false, List.of("w"))).mask())
                .containsExactly(true, false, false, false, true, true);
    }
}
