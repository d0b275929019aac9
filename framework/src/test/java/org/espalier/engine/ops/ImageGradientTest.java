package org.espalier.engine.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.Function;
import java.util.stream.Stream;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.launch.RehearsingDevice;
import org.espalier.launch.TornadoDevice;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The gradients of the ops on images against central differences, with plain kernels and with the host bodies. */
class ImageGradientTest {
    private record Case(String name, Function<Trial, Tensor> network) {}

    @TestFactory
    Stream<DynamicTest> matchesFiniteDifferences() {
        return cases().flatMap(c -> Stream.of(
                DynamicTest.dynamicTest(c.name + ", kernels", () -> check(c, CpuDevice.ofPlainKernels())),
                DynamicTest.dynamicTest(c.name + ", host", () -> check(c, new CpuDevice(2)))));
    }

    /** Each op on a GPU beside the CPU: its forward pass and its gradient, at the shapes above. */
    @TestFactory
    @Tag("gpu")
    Stream<DynamicTest> computesTheSameOnAGpu() {
        return cases().map(c -> DynamicTest.dynamicTest(c.name, () -> {
            try (TornadoDevice gpu = TornadoDevice.open("gpu", 1)) {
                check(c, new RehearsingDevice(gpu));
            }
        }));
    }

    private static void check(Case c, Device device) {
        try (device) {
            double worst = 0;
            for (int seed = 0; seed < 2; seed++) {
                Trial trial = c.name.contains("tiles") ? new Trial(seed, 0.5f) : new Trial(seed);
                worst = Math.max(worst, trial.error(c.network.apply(trial), device));
            }
            System.out.printf("ImageGradientTest: %-40s %.1e%n", c.name, worst);
            assertThat(worst).isLessThan(2e-3);
        }
    }

    private static Stream<Case> cases() {
        Layout columns = Layout.COLUMNS;
        return Stream.of(
                new Case("convolution 3×3", t -> convolve(t, t.leaf(3, columns, 2, 5, 4), 3, 3, 1, 1)),
                new Case("convolution from rows", t -> convolve(t, t.leaf(3, Layout.ROWS, 2, 5, 4), 3, 3, 1, 1)),
                new Case("convolution 5×5, unpadded", t -> convolve(t, t.leaf(2, columns, 3, 6, 7), 2, 5, 1, 0)),
                new Case("convolution, stride 2", t -> convolve(t, t.leaf(4, columns, 2, 7, 6), 3, 3, 2, 1)),
                new Case("convolution 1×1, stride 2", t -> convolve(t, t.leaf(5, columns, 3, 5, 5), 4, 1, 2, 0)),
                new Case("convolution in tiles", t -> convolve(t, t.leaf(9, columns, 8, 9, 6), 9, 3, 1, 1)),
                new Case("convolution in tiles, twice", t -> {
                    Parameter w = t.kernels(8, 8, 3), b = t.bias(8);
                    Tensor x = t.leaf(8, columns, 8, 5, 5);
                    Tensor y = Convolutions.convolve(t.graph, x, w, b, 1, 1);
                    return Activations.add(t.graph, Convolutions.convolve(t.graph, y, w, b, 1, 1), x);
                }),
                new Case(
                        "convolution without bias",
                        t -> Convolutions.convolve(
                                t.graph, t.leaf(2, columns, 2, 4, 4), t.kernels(3, 2, 3), null, 1, 1)),
                new Case("max pooling", t -> Pools.max(t.graph, t.spacedLeaf(3, columns, 2, 5, 4), 2, 2, 0)),
                new Case(
                        "max pooling, overlapping",
                        t -> Pools.max(t.graph, t.spacedLeaf(17, columns, 2, 5, 4), 3, 2, 1)),
                new Case("average pooling", t -> Pools.average(t.graph, t.leaf(3, columns, 2, 5, 4), 2, 2, 0)),
                new Case(
                        "average pooling, overlapping",
                        t -> Pools.average(t.graph, t.leaf(3, columns, 2, 6, 5), 3, 2, 1)),
                new Case("global pooling", t -> Pools.global(t.graph, t.leaf(5, columns, 3, 2, 4))),
                new Case(
                        "batch norm",
                        t -> Norms.batch(
                                t.graph,
                                t.leaf(11, columns, 3, 5, 4),
                                new Norms.Batch(t.bias(3), t.bias(3), t.buffer(3, 0), t.buffer(3, 1)),
                                1e-5f,
                                0.1f)),
                new Case("tensor pooled twice", t -> {
                    Tensor x = t.spacedLeaf(3, columns, 2, 4, 4);
                    return Activations.add(t.graph, Pools.max(t.graph, x, 2, 2, 0), Pools.average(t.graph, x, 2, 2, 0));
                }));
    }

    private static Tensor convolve(Trial t, Tensor x, int outs, int kernel, int stride, int padding) {
        Parameter w = t.kernels(outs, x.shape()[0], kernel);
        return Convolutions.convolve(t.graph, x, w, t.bias(outs), stride, padding);
    }

    @Test
    void evaluationUsesTheRunningMomentsAndLeavesThemAlone() {
        Trial t = new Trial(1);
        Graph g = Graph.forEvaluation();
        Tensor x = g.input("x", 2, new int[] {1, 1, 2}, Layout.COLUMNS);
        System.arraycopy(new float[] {1, 2, 3, 5}, 0, x.value(), 0, 4);
        Parameter scale = t.bias(1), shift = t.bias(1), mean = t.buffer(1, 2), variance = t.buffer(1, 4);
        Tensor y = Norms.batch(g, x, new Norms.Batch(scale, shift, mean, variance), 0f, 0.1f);
        try (CpuDevice device = new CpuDevice(1)) {
            device.compile(g.launches()).run();
        }
        for (int i = 0; i < 4; i++)
            assertThat(y.value()[i])
                    .isCloseTo((x.value()[i] - 2) / 2 * scale.value()[0] + shift.value()[0], within(1e-5f));
        assertThat(mean.value()).containsExactly(2);
        assertThat(variance.value()).containsExactly(4);
    }

    @Test
    void refusesShapesThatDoNotFit() {
        Trial t = new Trial(1);
        Tensor image = t.leaf(2, Layout.COLUMNS, 2, 4, 4), row = t.leaf(2, Layout.COLUMNS, 9);
        assertThatThrownBy(() -> Convolutions.convolve(t.graph, image, t.kernels(3, 5, 3), null, 1, 1))
                .hasMessageContaining("cannot be convolved");
        assertThatThrownBy(() -> Convolutions.convolve(t.graph, row, t.kernels(3, 9, 3), null, 1, 1))
                .hasMessageContaining("cannot be convolved");
        assertThatThrownBy(() -> Convolutions.convolve(t.graph, image, t.kernels(3, 2, 5), null, 1, 0))
                .hasMessageContaining("does not fit");
        assertThatThrownBy(() -> Pools.max(t.graph, image, 2, 2, 2)).hasMessageContaining("more than half");
        assertThatThrownBy(() -> Pools.max(t.graph, row, 2, 2, 0)).hasMessageContaining("no image");
        assertThatThrownBy(() -> Pools.groups(t.graph, row, 2)).hasMessageContaining("no input");
        assertThatThrownBy(() -> Norms.batch(
                        t.graph,
                        image,
                        new Norms.Batch(t.bias(3), t.bias(3), t.buffer(3, 0), t.buffer(3, 1)),
                        1e-5f,
                        0.1f))
                .hasMessageContaining("does not fit the channels");
    }
}
