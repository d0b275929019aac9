package org.espalier.methods.allocate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.assertj.core.data.Offset;
import org.espalier.methods.Sites;
import org.espalier.methods.pattern.Unstructured;
import org.espalier.methods.score.Magnitude;
import org.espalier.prune.Budget;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

class PerLayerTest {
    /** The axis of the paper's figures 3 and 4: (265,200 · 0.8^n + 1,000 · 0.9^n) / 266,200 weights left after n rounds. */
    @Test
    void leavesThePapersSharesOfLenet() {
        Site.Weight[] sites = {
            Sites.random("fc1", 300, 784, 1), Sites.random("fc2", 100, 300, 2), Sites.random("output", 10, 100, 3)
        };
        PerLayer allocate = new PerLayer(Map.of("output", 0.1));
        Map<Integer, Double> printed = Map.of(3, 51.3, 7, 21.1, 9, 13.5, 12, 7.0, 15, 3.6);
        for (int round = 1; round <= 15; round++) {
            double[] density = allocate.allocate(Sites.budget(0.2, Budget.Of.REMAINING, new Magnitude(), sites));
            long kept = 0;
            for (int i = 0; i < sites.length; i++) {
                var parameter = sites[i].parameter();
                float[] score = new Magnitude().score(sites[i], Sites.evidence(Map.of()));
                float[] before = parameter.mask();
                for (int k = 0; k < score.length; k++)
                    if (before != null && before[k] == 0f) score[k] = Float.NEGATIVE_INFINITY;
                boolean[] mask = new Unstructured(Unstructured.Within.LAYER)
                        .mask(score, parameter.rows(), parameter.columns(), density[i]);
                float[] floats = new float[mask.length];
                for (int k = 0; k < mask.length; k++) floats[k] = mask[k] ? 1 : 0;
                parameter.mask(floats);
                kept += parameter.kept();
            }
            if (printed.containsKey(round))
                assertThat(100.0 * kept / 266_200).isCloseTo(printed.get(round), Offset.offset(0.05));
        }
    }

    @Test
    void refusesALayerThatIsNotThere() {
        assertThatThrownBy(() -> new PerLayer(Map.of("outptu", 0.1))
                        .check(Sites.budget(0.2, Budget.Of.ALL, new Magnitude(), Sites.random("output", 2, 2, 1))))
                .hasMessageContaining("outptu")
                .hasMessageContaining("output");
    }
}
