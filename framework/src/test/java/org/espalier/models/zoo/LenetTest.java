package org.espalier.models.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.NoSuchElementException;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.launch.CpuDevice;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.junit.jupiter.api.Test;

class LenetTest {
    private static final Lenet LENET = new Lenet(List.of(300, 100), Init.GLOROT_NORMAL);

    @Test
    void hasTheWeightsOfThePaper() {
        Model model = LENET.build(new int[] {1, 28, 28}, 10, 1);
        assertThat(model.weights())
                .extracting(Parameter::name)
                .containsExactly("fc1.weight", "fc2.weight", "output.weight");
        assertThat(model.weights()).extracting(Parameter::size).containsExactly(235_200, 30_000, 1_000);
        assertThat(model.inputShape()).containsExactly(784);
        assertThat(model.parameter("output.bias").value()).hasSize(10).containsOnly(0f);
    }

    @Test
    void drawsTheSameWeightsFromTheSameSeedOnly() {
        Model first = LENET.build(new int[] {784}, 10, 7);
        Model same = LENET.build(new int[] {784}, 10, 7);
        Model other = LENET.build(new int[] {784}, 10, 8);
        for (Parameter p : first.weights()) {
            assertThat(same.parameter(p.name()).value()).isEqualTo(p.value());
            assertThat(other.parameter(p.name()).value()).isNotEqualTo(p.value());
        }
    }

    @Test
    void tracesToOneLogitPerClass() {
        Model model = LENET.build(new int[] {784}, 10, 1);
        Graph g = Graph.forEvaluation();
        Tensor input = model.input(g, 7);
        java.util.Arrays.fill(input.value(), 0.5f);
        Tensor logits = model.forward(g, input);
        assertThat(logits.shape()).containsExactly(10);
        assertThat(logits.batch()).isEqualTo(7);
        try (CpuDevice device = new CpuDevice(1)) {
            device.compile(g.launches()).run();
        }
        for (int c = 0; c < 10; c++)
            for (int e = 1; e < 7; e++)
                assertThat(logits.value()[c * 7 + e]).isCloseTo(logits.value()[c * 7], within(1e-5f));
    }

    @Test
    void refusesAnEmptyLayerAndAnUnknownParameter() {
        assertThatThrownBy(() -> new Lenet(List.of(0), Init.HE_NORMAL))
                .hasMessageContaining("at least one unit, got 0");
        Model model = new Lenet(List.of(), Init.PYTORCH).build(new int[] {4}, 2, 1);
        assertThatThrownBy(() -> model.parameter("fc1.weight"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("output.weight");
    }
}
