package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.espalier.data.file.Safetensors;
import org.espalier.engine.Parameter;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.espalier.models.zoo.Lenet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateTest {
    private static Model model() {
        return new Lenet(List.of(6), Init.GLOROT_NORMAL).build(new int[] {8}, 3, 1);
    }

    private static void keepEvery(int nth, Parameter weight) {
        float[] mask = new float[weight.size()];
        for (int i = 0; i < mask.length; i += nth) mask[i] = 1;
        weight.mask(mask);
    }

    @Test
    void restoringBringsBackWhatWasPrunedAndRewindingDoesNot(@TempDir Path folder) throws IOException {
        State state = new State(model());
        Parameter weight = state.model().parameter("fc1.weight");
        float[] dense = weight.value().clone();
        state.save("dense");
        keepEvery(2, weight);
        state.save("half");
        float[] half = weight.value().clone();
        keepEvery(4, weight);
        state.arrays().write(folder.resolve("state.safetensors"));

        State again = new State(model());
        try (Safetensors file = Safetensors.open(folder.resolve("state.safetensors"))) {
            again.load(file);
        }
        for (State each : List.of(state, again)) {
            Parameter own = each.model().parameter("fc1.weight");
            assertThat(own.kept()).isEqualTo(12);
            each.rewind("dense");
            assertThat(own.kept()).isEqualTo(12);
            each.restore("half");
            assertThat(own.kept()).isEqualTo(24);
            assertThat(own.value()).isEqualTo(half);
            each.restore("dense");
            assertThat(own.mask()).isNull();
            assertThat(own.value()).isEqualTo(dense);
        }
    }
}
