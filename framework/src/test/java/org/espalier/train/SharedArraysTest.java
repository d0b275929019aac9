package org.espalier.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Sketch;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Losses;
import org.espalier.engine.ops.RotaryScaling;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Plan;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.espalier.models.zoo.Conv;
import org.espalier.models.zoo.Gpt2;
import org.espalier.models.zoo.Lenet;
import org.espalier.models.zoo.Llama;
import org.espalier.models.zoo.Resnet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Activations share arrays over time, and blocks may forget theirs: neither changes a bit of any gradient. */
class SharedArraysTest {
    private static final int BATCH = 3;
    private static final Zoo LLAMA = new Llama(
            11,
            16,
            4,
            4,
            Optional.of(2),
            Optional.empty(),
            24,
            64,
            10_000,
            new RotaryScaling.Unscaled(),
            1e-5,
            false,
            Init.GLOROT_NORMAL);

    /** What a backward pass gave, and what its activations took. */
    private record Outcome(List<float[]> gradients, float loss, long bytes) {}

    static List<Arguments> networks() {
        return List.of(
                Arguments.of(LLAMA, new int[] {9}, 0),
                Arguments.of(new Gpt2(11, 16, 3, 4, Optional.empty(), 64, 1e-5, Init.GLOROT_NORMAL), new int[] {9}, 0),
                Arguments.of(new Lenet(List.of(20, 10), Init.GLOROT_NORMAL), new int[] {1, 6, 6}, 4),
                Arguments.of(new Conv(2, Init.GLOROT_NORMAL), new int[] {1, 12, 12}, 4),
                Arguments.of(new Resnet(8, Init.HE_NORMAL), new int[] {1, 12, 12}, 4));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void sharedArraysGiveTheSameBits(Zoo zoo, int[] input, int classes) {
        Outcome own = own(zoo.build(input, classes, 5));
        Outcome shared = shared(zoo.build(input, classes, 5), false);
        assertThat(shared.loss()).isEqualTo(own.loss());
        assertThat(shared.gradients()).usingRecursiveComparison().isEqualTo(own.gradients());
        assertThat(shared.bytes()).isLessThan(own.bytes());
    }

    @Test
    void recomputedBlocksGiveTheSameBitsInLessMemory() {
        Outcome kept = shared(LLAMA.build(new int[] {9}, 0, 5), false);
        Outcome recomputed = shared(LLAMA.build(new int[] {9}, 0, 5), true);
        assertThat(recomputed.loss()).isEqualTo(kept.loss());
        assertThat(recomputed.gradients()).usingRecursiveComparison().isEqualTo(kept.gradients());
        assertThat(recomputed.bytes()).isLessThan(kept.bytes() * 3 / 4);
    }

    @Test
    void frozenParametersHaveNoGradientsAndChangeNoOthers() {
        Model whole = LLAMA.build(new int[] {9}, 0, 5), part = LLAMA.build(new int[] {9}, 0, 5);
        for (Parameter p : part.parameters()) p.freeze(!p.name().contains("layers.2.mlp"));
        Outcome all = shared(whole, false), few = shared(part, false);
        assertThat(few.gradients()).hasSize(3);
        List<float[]> expected = new ArrayList<>();
        for (int i = 0; i < whole.trainable().size(); i++)
            if (whole.trainable().get(i).name().contains("layers.2.mlp"))
                expected.add(all.gradients().get(i));
        assertThat(few.gradients()).usingRecursiveComparison().isEqualTo(expected);
        assertThat(few.bytes()).isLessThan(all.bytes());
    }

    private static Outcome own(Model model) {
        long[] bytes = new long[1];
        Graph graph = Graph.forTraining(
                size -> {
                    bytes[0] += 4L * size;
                    return new float[size];
                },
                false);
        float[] loss = trace(model, graph);
        return run(model, graph, loss, bytes[0]);
    }

    private static Outcome shared(Model model, boolean recomputing) {
        Sketch sketch = new Sketch();
        Graph first = Graph.forTraining(sketch, recomputing);
        trace(model, first);
        Sketch.Arena arena = sketch.arena(first.launches());
        Graph second = Graph.forTraining(arena, recomputing);
        float[] loss = trace(model, second);
        return run(model, second, loss, arena.bytes());
    }

    private static float[] trace(Model model, Graph graph) {
        Tensor input = model.input(graph, BATCH);
        for (int i = 0; i < input.size(); i++) input.value()[i] = i * 7 % 11;
        int labels = model.inputShape().length == 1 && model.classes() == 11 ? input.size() : BATCH;
        int[] label = new int[labels];
        float[] weight = new float[labels];
        for (int i = 0; i < labels; i++) {
            label[i] = i % 4;
            weight[i] = 0.1f;
        }
        Losses.Loss loss = model.loss(graph, input, label, weight);
        graph.differentiate();
        return loss.total();
    }

    /** Replayed twice: what the first time left in shared arrays does no harm. */
    private static Outcome run(Model model, Graph graph, float[] loss, long bytes) {
        try (CpuDevice device = new CpuDevice(2)) {
            Plan plan = device.compile(graph.launches());
            plan.run();
            plan.run();
        }
        List<float[]> gradients = new ArrayList<>();
        for (Parameter p : model.trainable()) gradients.add(p.grad().clone());
        return new Outcome(gradients, loss[0], bytes);
    }
}
