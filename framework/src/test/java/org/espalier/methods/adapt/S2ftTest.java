package org.espalier.methods.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.launch.CpuDevice;
import org.espalier.models.LanguageModel;
import org.espalier.train.Adaptation;
import org.espalier.train.NamedArrays;
import org.espalier.train.Trainer;
import org.junit.jupiter.api.Test;

class S2ftTest {
    private static final String LAYER = "model.layers.%d.mlp.%s_proj.weight";

    private static S2ft down(double share, S2ft.Choice choose, S2ft.Take take) {
        return new S2ft(0, 0, 0, share, choose, take, 8, false);
    }

    @Test
    void changesWholeColumnsOfTheChosenChannelsAndNothingElse() {
        try (CpuDevice device = new CpuDevice(2)) {
            LanguageModel model = AdaptFixture.dense();
            List<float[]> before = AdaptFixture.values(model);
            Trainer trainer = AdaptFixture.trainer(
                    AdaptFixture.training(device, model, 4, new NamedArrays()),
                    down(0.25, S2ft.Choice.RANDOM, S2ft.Take.LARGEST));
            trainer.train(0, (step, loss) -> true);
            trainer.merge();
            int columns = 0;
            for (int i = 0; i < before.size(); i++) {
                Parameter p = model.parameters().get(i);
                if (!p.name().contains("down_proj"))
                    assertThat(p.value()).as(p.name()).isEqualTo(before.get(i));
                else columns += changedColumns(p, before.get(i)).size();
            }
            assertThat(columns).isEqualTo(12); // a quarter of 2 · 24
        }
    }

    private static TreeSet<Integer> changedColumns(Parameter p, float[] before) {
        TreeSet<Integer> changed = new TreeSet<>();
        for (int i = 0; i < before.length; i++) if (p.value()[i] != before[i]) changed.add(i % p.columns());
        return changed;
    }

    @Test
    void takesTheChannelsOfTheLargestOrSmallestWeights() {
        try (CpuDevice device = new CpuDevice(1)) {
            for (S2ft.Take take : S2ft.Take.values()) {
                LanguageModel model = AdaptFixture.dense();
                Parameter special = model.parameter(LAYER.formatted(1, "down"));
                for (int r = 0; r < special.rows(); r++)
                    special.value()[r * special.columns() + 7] *= take == S2ft.Take.LARGEST ? 100 : 0.001f;
                special.wrote();
                Adaptation adaptation = down(0.021, S2ft.Choice.WEIGHT, take)
                        .attach(AdaptFixture.training(device, model, 4, new NamedArrays()));
                assertThat(adaptation.parameters()).hasSize(1);
                Parameter block = adaptation.parameters().getFirst();
                assertThat(block.shape()).containsExactly(16, 1);
                float[] values = block.value().clone();
                adaptation.merge();
                for (int r = 0; r < values.length; r++)
                    assertThat(values[r]).isEqualTo(special.value()[r * special.columns() + 7]);
            }
        }
    }

    @Test
    void theBlocksGradientIsThatPartOfTheDenseGradient() {
        try (CpuDevice device = new CpuDevice(2)) {
            LanguageModel model = AdaptFixture.dense(), dense = AdaptFixture.dense();
            Graph whole = Graph.forTraining();
            AdaptFixture.traced(whole, dense);
            whole.differentiate();
            device.compile(whole.launches()).run();
            Adaptation adaptation = new S2ft(0, 0, 0.3, 0.3, S2ft.Choice.WEIGHT, S2ft.Take.LARGEST, 8, false)
                    .attach(AdaptFixture.training(device, model, 4, new NamedArrays()));
            for (Parameter p : model.parameters()) p.freeze(true);
            Graph graph = Graph.forTraining();
            AdaptFixture.traced(graph, model);
            graph.differentiate();
            device.compile(graph.launches()).run();
            List<Float> expected = new ArrayList<>(), found = new ArrayList<>();
            for (Parameter block : adaptation.parameters()) {
                Parameter full = dense.parameter(block.name().replace(".s2ft", ""));
                for (float g : block.grad()) found.add(g);
                boolean ofRows = block.columns() == full.columns();
                TreeSet<Integer> chosen = units(block, model.parameter(full.name()), full, ofRows);
                assertThat(chosen).hasSize(ofRows ? block.rows() : block.columns());
                for (int i = 0; i < full.size(); i++)
                    if (chosen.contains(ofRows ? i / full.columns() : i % full.columns())) expected.add(full.grad()[i]);
            }
            found.sort(null);
            expected.sort(null);
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < found.size(); i++)
                assertThat(found.get(i)).isCloseTo(expected.get(i), within(1e-4f + 1e-3f * Math.abs(expected.get(i))));
        }
    }

    /** Where the rows or columns of a block were before they were moved. */
    private static TreeSet<Integer> units(Parameter block, Parameter moved, Parameter full, boolean ofRows) {
        TreeSet<Integer> units = new TreeSet<>();
        int count = ofRows ? block.rows() : block.columns(), all = ofRows ? full.rows() : full.columns();
        for (int u = 0; u < count; u++) {
            float first = ofRows ? block.value()[u * block.columns()] : block.value()[u];
            for (int v = 0; v < all; v++)
                if (first == (ofRows ? full.value()[v * full.columns()] : full.value()[v])) units.add(v);
        }
        assertThat(moved.size()).isEqualTo(full.size());
        return units;
    }

    @Test
    void fillsPrunedWeightsOnlyIfAsked() {
        try (CpuDevice device = new CpuDevice(2)) {
            for (boolean fill : new boolean[] {false, true}) {
                LanguageModel model = AdaptFixture.pruned();
                Trainer trainer = AdaptFixture.trainer(
                        AdaptFixture.training(device, model, 4, new NamedArrays()),
                        new S2ft(0, 0, 0, 0.25, S2ft.Choice.RANDOM, S2ft.Take.LARGEST, 8, fill));
                trainer.train(0, (step, loss) -> true);
                var merge = trainer.merge();
                if (fill) assertThat(merge.zerosAfter()).isLessThan(merge.zerosBefore());
                else assertThat(merge.zerosAfter()).isEqualTo(merge.zerosBefore());
            }
        }
    }

    @Test
    void sharesThatChooseNothingAreRefused() {
        assertThatThrownBy(() -> new S2ft(0, 0.1, 0, 0.01, S2ft.Choice.RANDOM, S2ft.Take.LARGEST, 8, false)
                        .check(AdaptFixture.dense()))
                .hasMessage("the shares are so small that no head and no channel is trained");
        assertThatThrownBy(() -> new S2ft(0, 0, 0, 0, S2ft.Choice.RANDOM, S2ft.Take.LARGEST, 8, false))
                .hasMessage("nothing is to be trained");
    }
}
