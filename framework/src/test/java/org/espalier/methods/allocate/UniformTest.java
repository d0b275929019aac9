package org.espalier.methods.allocate;

import static org.assertj.core.api.Assertions.assertThat;

import org.espalier.methods.Sites;
import org.espalier.methods.score.Magnitude;
import org.espalier.prune.Budget;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

class UniformTest {
    @Test
    void everyLayerLosesTheSameShareOfAllOrOfWhatRemains() {
        Site.Weight half = Sites.random("half", 4, 10, 1);
        float[] mask = new float[40];
        for (int i = 0; i < 20; i++) mask[i] = 1;
        half.parameter().mask(mask);
        Site.Weight whole = Sites.random("whole", 2, 10, 2);
        assertThat(new Uniform().allocate(Sites.budget(0.75, Budget.Of.ALL, new Magnitude(), half, whole)))
                .containsExactly(0.25, 0.25);
        assertThat(new Uniform().allocate(Sites.budget(0.2, Budget.Of.REMAINING, new Magnitude(), half, whole)))
                .containsExactly(0.4, 0.8);
    }
}
