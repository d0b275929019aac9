package org.espalier.methods.refine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Map;
import org.espalier.engine.Parameter;
import org.espalier.methods.Sites;
import org.espalier.prune.Cut;
import org.espalier.prune.Evidence;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

class BiasCompensationTest {
    private static final Evidence EVIDENCE = Sites.evidence(1, Map.of("INPUT_MEAN", new float[] {2, 3, -1, 4}));
    private static final String RECIPE = "{ score: magnitude, pattern: { unstructured: row }, ratio: 0.5 }";

    /** Row 0 loses −1 and 2 on inputs of mean 3 and −1: −5. Row 1 loses 1 and 1 on means 2 and 4: 6. */
    @Test
    void givesTheBiasWhatTheRemovedWeightsGaveOnAverage() {
        Site.Weight site = Sites.weight("w", 2, 4, 3, -1, 2, -4, 1, 5, -2, 1);
        Parameter bias =
                Parameter.vector("w.bias", Parameter.Kind.BIAS, site.parameter().rowSpan());
        bias.load(new float[] {1, 1});
        Cut cut = Sites.cut(site, RECIPE, EVIDENCE, bias);
        new BiasCompensation().refine(cut);
        assertThat(cut.bias()).containsExactly(-4, 7);
        assertThat(bias.value()).containsExactly(1, 1);
    }

    @Test
    void refusesALayerWithoutBias() {
        Cut cut = Sites.cut(Sites.weight("w", 1, 4, 3, -1, 2, -4), RECIPE, EVIDENCE);
        assertThat(catchThrowable(() -> new BiasCompensation().refine(cut))).hasMessageContaining("w has no bias");
    }
}
