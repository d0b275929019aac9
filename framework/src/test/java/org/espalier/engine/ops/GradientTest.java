package org.espalier.engine.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import java.util.stream.Stream;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.launch.RehearsingDevice;
import org.espalier.launch.TornadoDevice;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every op's gradient against central differences, in both layouts, with plain kernels and with the host bodies. */
class GradientTest {
    private record Case(String name, Function<Trial, Tensor> network) {}

    @TestFactory
    Stream<DynamicTest> matchesFiniteDifferences() {
        return Stream.of(Layout.values())
                .flatMap(layout -> cases(layout)
                        .flatMap(c -> Stream.of(
                                DynamicTest.dynamicTest(
                                        c.name + ", " + layout + ", kernels",
                                        () -> check(c, CpuDevice.ofPlainKernels())),
                                DynamicTest.dynamicTest(
                                        c.name + ", " + layout + ", host", () -> check(c, new CpuDevice(2))))));
    }

    /** Each op on a GPU beside the CPU: its forward pass and its gradient, at the shapes above. */
    @TestFactory
    @Tag("gpu")
    Stream<DynamicTest> computesTheSameOnAGpu() {
        return Stream.of(Layout.values())
                .flatMap(GradientTest::cases)
                .map(c -> DynamicTest.dynamicTest(c.name, () -> {
                    try (TornadoDevice gpu = TornadoDevice.open("gpu", 1)) {
                        check(c, new RehearsingDevice(gpu));
                    }
                }));
    }

    private static void check(Case c, Device device) {
        try (device) {
            double worst = 0;
            for (int seed = 0; seed < 3; seed++) {
                Trial trial = new Trial(seed);
                worst = Math.max(worst, trial.error(c.network.apply(trial), device));
            }
            System.out.printf("GradientTest: %-40s %.1e%n", c.name, worst);
            assertThat(worst).isLessThan(2e-3);
        }
    }

    private static Stream<Case> cases(Layout layout) {
        return Stream.of(
                new Case("linear", t -> Dense.linear(t.graph, t.leaf(18, layout, 7), t.weight(5, 7), t.bias(5))),
                new Case(
                        "linear without bias",
                        t -> Dense.linear(t.graph, t.leaf(5, layout, 19), t.weight(3, 19), null)),
                new Case(
                        "linear, half masked",
                        t -> Dense.linear(t.graph, t.leaf(18, layout, 7), t.masked(5, 7, 0.5), t.bias(5))),
                new Case(
                        "linear, compressed",
                        t -> Dense.linear(t.graph, t.leaf(37, layout, 31), t.masked(11, 31, 0.15), t.bias(11))),
                new Case(
                        "linear, compressed, wide batch",
                        t -> Dense.linear(t.graph, t.leaf(133, layout, 9), t.masked(17, 9, 0.1), null)),
                new Case(
                        "linear, compressed, narrow batch",
                        t -> Dense.linear(t.graph, t.leaf(3, layout, 23), t.masked(17, 23, 0.1), t.bias(17))),
                new Case("relu", t -> Activations.relu(t.graph, t.leaf(6, layout, 11))),
                new Case("add", t -> Activations.add(t.graph, t.leaf(6, layout, 11), t.leaf(6, layout, 11))),
                new Case(
                        "to columns and back",
                        t -> Layouts.rows(t.graph, Layouts.columns(t.graph, t.leaf(6, layout, 35)))),
                new Case(
                        "to rows and back",
                        t -> Layouts.columns(t.graph, Layouts.rows(t.graph, t.leaf(35, layout, 6)))),
                new Case("flatten", t -> Layouts.flatten(t.graph, t.leaf(5, layout, 3, 2, 4))),
                new Case("tensor used twice", t -> {
                    Tensor x = t.leaf(18, layout, 6);
                    Tensor product = Dense.linear(t.graph, x, t.weight(6, 6), t.bias(6));
                    return Activations.add(t.graph, product, x);
                }),
                new Case("tensor added to itself", t -> {
                    Tensor x = t.leaf(4, layout, 6);
                    return Activations.add(t.graph, x, x);
                }),
                new Case("tensor into two compressed products", t -> {
                    Tensor x = t.leaf(18, layout, 9);
                    Tensor a = Dense.linear(t.graph, x, t.masked(8, 9, 0.2), t.bias(8));
                    Tensor b = Dense.linear(t.graph, x, t.masked(8, 9, 0.2), t.bias(8));
                    return Activations.add(t.graph, a, b);
                }),
                new Case("relaid tensor used twice", t -> {
                    Tensor x = t.leaf(9, layout, 7);
                    Tensor a = Layouts.columns(t.graph, x);
                    Tensor b = Layouts.rows(t.graph, x);
                    return Activations.add(
                            t.graph,
                            Layouts.columns(t.graph, b),
                            Activations.add(t.graph, a, Layouts.columns(t.graph, x)));
                }),
                new Case("parameters used twice", t -> {
                    Parameter w = t.weight(6, 6), b = t.bias(6);
                    return Dense.linear(t.graph, Dense.linear(t.graph, t.leaf(18, layout, 6), w, b), w, b);
                }),
                new Case("compressed parameter used twice", t -> {
                    Parameter w = t.masked(12, 12, 0.2), b = t.bias(12);
                    return Dense.linear(t.graph, Dense.linear(t.graph, t.leaf(18, layout, 12), w, b), w, b);
                }));
    }
}
