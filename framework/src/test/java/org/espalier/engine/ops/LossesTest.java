package org.espalier.engine.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Tensor;
import org.espalier.launch.CpuDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LossesTest {
    @ParameterizedTest
    @EnumSource(Layout.class)
    void crossEntropyHasTheGradientOfItsTotal(Layout layout) {
        try (CpuDevice device = new CpuDevice(2)) {
            Trial trial = new Trial(3);
            Tensor x = trial.leaf(9, layout, 6);
            Tensor logits = Dense.linear(trial.graph, x, trial.weight(6, 6), trial.bias(6));
            float[] weights = {0.5f, 1, 0, 2, 1, 1, 0.25f, 1, 1};
            int[] labels = {0, 5, 1, 2, 3, 4, 4, 0, 1};
            Losses.Loss loss = Losses.crossEntropy(trial.graph, logits, labels, weights);
            double error = trial.error(device, () -> {
                double sum = 0;
                for (float l : loss.losses()) sum += l;
                return sum;
            });
            System.out.printf("LossesTest: cross-entropy, %s, %.1e%n", layout, error);
            assertThat(error).isLessThan(3e-3);
            assertThat(loss.losses()[2]).isZero();
        }
    }

    /** Two losses on one tensor: the second gradient is added to the first. */
    @Test
    void twoLossesAddUp() {
        try (CpuDevice device = new CpuDevice(1)) {
            Trial trial = new Trial(4);
            Tensor logits = trial.leaf(3, Layout.ROWS, 4);
            var a = Losses.crossEntropy(trial.graph, logits, new int[] {0, 1, 2}, new float[] {1, 1, 1});
            var b = Losses.crossEntropy(trial.graph, logits, new int[] {3, 3, 2}, new float[] {2, 0, 1});
            double error = trial.error(device, () -> a.total()[0] + b.total()[0]);
            assertThat(error).isLessThan(3e-3);
        }
    }

    @Test
    void refusesLabelsOfAnotherLength() {
        Graph g = Graph.forTraining();
        Tensor x = g.input("x", 3, new int[] {4}, Layout.ROWS);
        assertThatThrownBy(() -> Losses.crossEntropy(g, x, new int[2], new float[3]))
                .hasMessageContaining("3 examples, but 2 labels and 3 weights");
    }
}
