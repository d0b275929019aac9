package org.espalier.methods.adapt;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.espalier.engine.Axis;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.launch.CpuDevice;
import org.espalier.models.LanguageModel;
import org.espalier.train.Adaptation;
import org.espalier.train.Adapter;
import org.espalier.train.NamedArrays;
import org.espalier.train.Trainer;
import org.espalier.train.Training;
import org.junit.jupiter.api.Test;

/** What merging promises is looked at: adapters that break it are found out. */
class MergeTest {
    /** Trains nothing that anybody uses, and spoils a weight when it is merged. */
    private record Broken(boolean unmasks) implements Adapter {
        @Override
        public boolean keepsZeros() {
            return true;
        }

        @Override
        public Adaptation attach(Training training) {
            Span one = Span.of(Axis.of("one", 1));
            Parameter idle = training.trained(Parameter.weight("idle", one, one), values -> {});
            Parameter weight = training.model().parameter("model.layers.0.mlp.up_proj.weight");
            return new Adaptation() {
                @Override
                public List<Parameter> parameters() {
                    return List.of(idle);
                }

                @Override
                public void merge() {
                    if (unmasks) weight.survive(null);
                    else weight.value()[weight.size() - 1] += 5;
                    for (int i = 0; !unmasks && i < weight.size(); i++) weight.value()[i] *= 2;
                    weight.wrote();
                }
            };
        }
    }

    @Test
    void aMergeThatComputesSomethingElseIsFoundOut() {
        assertThatThrownBy(() -> merge(new Broken(false))).hasMessageContaining("the merged network's loss on label");
    }

    @Test
    void zerosThatAreNotKeptAreFoundOut() {
        assertThatThrownBy(() -> merge(new Broken(true))).hasMessageContaining("though this adapter keeps them");
    }

    private static void merge(Adapter adapter) {
        try (CpuDevice device = new CpuDevice(1)) {
            LanguageModel model = AdaptFixture.pruned();
            Trainer trainer = AdaptFixture.trainer(AdaptFixture.training(device, model, 1, new NamedArrays()), adapter);
            trainer.train(0, (step, loss) -> true);
            trainer.merge();
        }
    }
}
