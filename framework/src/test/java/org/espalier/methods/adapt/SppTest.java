package org.espalier.methods.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.espalier.engine.Parameter;
import org.espalier.launch.CpuDevice;
import org.espalier.models.LanguageModel;
import org.espalier.train.Adaptation;
import org.espalier.train.NamedArrays;
import org.junit.jupiter.api.Test;

class SppTest {
    @Test
    void scalesEachEntryByItsRowsAndItsGroupsColumnsFactor() {
        LanguageModel model = AdaptFixture.pruned();
        Parameter w = model.parameter("model.layers.0.self_attn.k_proj.weight");
        float[] before = w.value().clone();
        try (CpuDevice device = new CpuDevice(1)) {
            Adaptation adaptation =
                    new Spp(4, 2, List.of("k_proj")).attach(AdaptFixture.training(device, model, 1, new NamedArrays()));
            Parameter a = adaptation.parameters().get(0),
                    c = adaptation.parameters().get(1);
            assertThat(a.shape()).containsExactly(4, 16);
            assertThat(c.shape()).containsExactly(8);
            c.value()[5] = 3;
            float factor = a.value()[2 * 16 + 7];
            adaptation.merge();
            for (int i = 0; i < before.length; i++)
                if (i / 16 != 5) assertThat(w.value()[i]).isEqualTo(before[i]);
            assertThat(w.value()[5 * 16 + 7]).isEqualTo(before[5 * 16 + 7] * (1 + 0.5f * factor * 3));
        }
    }

    @Test
    void groupsOfUnequalSizeAreRefused() {
        assertThatThrownBy(() -> new Spp(16, 16, List.of()).check(AdaptFixture.dense()))
                .hasMessage("model.layers.0.self_attn.k_proj has 8 rows, which rank 16 does not divide");
    }
}
