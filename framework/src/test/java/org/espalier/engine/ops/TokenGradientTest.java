package org.espalier.engine.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Function;
import java.util.stream.Stream;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.launch.Heads;
import org.espalier.launch.RehearsingDevice;
import org.espalier.launch.TornadoDevice;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The gradients of the ops on tokens against central differences, with plain kernels and with the host bodies. */
class TokenGradientTest {
    private record Case(String name, Function<Trial, Tensor> network) {}

    @TestFactory
    Stream<DynamicTest> matchesFiniteDifferences() {
        return Stream.concat(cases(Layout.ROWS), Stream.concat(cases(Layout.COLUMNS), tables()))
                .flatMap(c -> Stream.of(
                        DynamicTest.dynamicTest(c.name + ", kernels", () -> check(c, CpuDevice.ofPlainKernels())),
                        DynamicTest.dynamicTest(c.name + ", host", () -> check(c, new CpuDevice(2)))));
    }

    /** Each op on a GPU beside the CPU: its forward pass and its gradient, at the shapes above. */
    @TestFactory
    @Tag("gpu")
    Stream<DynamicTest> computesTheSameOnAGpu() {
        return Stream.concat(cases(Layout.ROWS), Stream.concat(cases(Layout.COLUMNS), tables()))
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
            System.out.printf("TokenGradientTest: %-40s %.1e%n", c.name, worst);
            assertThat(worst).isLessThan(2e-3);
        }
    }

    private static Stream<Case> cases(Layout l) {
        return Stream.of(
                new Case(
                        "SwiGLU, " + l,
                        t -> Activations.gated(t.graph, t.leaf(6, l, 11), t.leaf(6, l, 11), Activations.Gate.SILU)),
                new Case(
                        "gated GELU, " + l,
                        t -> Activations.gated(
                                t.graph, t.leaf(6, l, 11), t.leaf(6, l, 11), Activations.Gate.GELU_TANH)),
                new Case("GELU by tanh, " + l, t -> Activations.gelu(t.graph, t.leaf(6, l, 11), false)),
                new Case("GELU, exact, " + l, t -> Activations.gelu(t.graph, t.leaf(6, l, 11), true)),
                new Case("dropout, of a tensor used twice, " + l, t -> {
                    Tensor x = t.leaf(6, l, 11);
                    return Activations.add(t.graph, x, Activations.dropout(t.graph, x, new int[] {3}, 5, 0.3f));
                }),
                new Case("RMS norm, " + l, t -> Norms.rms(t.graph, t.leaf(37, l, 19), t.bias(19), 0.1f, 0f)),
                new Case(
                        "RMS norm of heads, plus one, " + l,
                        t -> Norms.rms(t.graph, t.leaf(7, l, 33), 3, t.bias(11), 0.1f, 1f)),
                new Case(
                        "layer norm, " + l, t -> Norms.layer(t.graph, t.leaf(37, l, 19), t.bias(19), t.bias(19), 0.1f)),
                new Case("rotation, " + l, t -> Rotary.plain(8, 100).rotate(t.graph, t.leaf(10, l, 24), 3, 5)),
                new Case("attention, " + l, t -> attend(t, l, new Heads(4, 4, 5, 6, false, 0, 0.5f))),
                new Case("causal attention, grouped, " + l, t -> attend(t, l, new Heads(6, 2, 5, 7, true, 0, 0.5f))),
                new Case("attention in a window, " + l, t -> attend(t, l, new Heads(2, 1, 3, 9, true, 4, 0.5f))),
                new Case("queries, keys and values from one tensor, " + l, t -> {
                    Tensor x = t.leaf(8, l, 6);
                    Tensor q = Dense.linear(t.graph, x, t.weight(6, 6), null);
                    Tensor k = Dense.linear(t.graph, x, t.weight(6, 6), null);
                    return Attention.attend(t.graph, q, k, x, new Heads(2, 2, 3, 4, true, 0, 0.5f));
                }),
                new Case("gate in rows, other factor in columns, " + l, t -> {
                    Tensor gate = t.leaf(6, Layout.ROWS, 7), up = t.leaf(6, Layout.COLUMNS, 7);
                    return Activations.add(t.graph, gate, Activations.gated(t.graph, gate, up, Activations.Gate.SILU));
                }),
                new Case("scale used twice, " + l, t -> {
                    Parameter scale = t.bias(12);
                    return Norms.rms(t.graph, Norms.rms(t.graph, t.leaf(5, l, 12), scale, 0.1f, 0f), scale, 0.1f, 1f);
                }));
    }

    private static Tensor attend(Trial t, Layout l, Heads s) {
        Tensor q = t.leaf(2 * s.length(), l, s.width());
        Tensor k = t.leaf(2 * s.length(), l, s.keyWidth()), v = t.leaf(2 * s.length(), l, s.keyWidth());
        return Attention.attend(t.graph, q, k, v, s);
    }

    private static Stream<Case> tables() {
        return Stream.of(
                new Case("embedding", t -> Embeddings.lookup(t.graph, tokens(t, 2, 1, 0, 2, 2), t.weight(4, 7), 3f)),
                new Case("embedding twice from one table", t -> {
                    Parameter table = t.weight(4, 19);
                    return Activations.add(
                            t.graph,
                            Embeddings.lookup(t.graph, tokens(t, 2, 1, 0), table, 1f),
                            Embeddings.lookup(t.graph, tokens(t, 3, 1, 1), table, 1f));
                }));
    }

    static Tensor tokens(Trial t, float... ids) {
        Tensor tokens = t.graph.input("tokens", 1, new int[] {ids.length}, Layout.ROWS);
        System.arraycopy(ids, 0, tokens.value(), 0, ids.length);
        return tokens;
    }

    @Test
    void gradientsOfScalesNeedNoGradientOfAnInput() {
        Graph g = Graph.forTraining();
        Trial t = new Trial(1);
        Tensor x = g.input("x", 4, new int[] {6}, Layout.ROWS);
        java.util.Arrays.fill(x.value(), 1f);
        Parameter scale = t.bias(6);
        Tensor y = Norms.rms(g, x, scale, 0f, 0f);
        java.util.Arrays.fill(y.grad(), 1f);
        g.differentiate();
        try (CpuDevice device = new CpuDevice(1)) {
            device.compile(g.launches()).run();
        }
        assertThat(scale.grad()).containsOnly(4f);
    }

    @Test
    void refusesShapesThatDoNotFit() {
        Trial t = new Trial(1);
        Graph g = t.graph;
        Tensor x = t.leaf(6, Layout.ROWS, 8), y = t.leaf(6, Layout.ROWS, 9);
        assertThatThrownBy(() -> Activations.gated(g, x, y, Activations.Gate.SILU))
                .hasMessageContaining("cannot gate");
        assertThatThrownBy(() -> Activations.gated(g, x, x, Activations.Gate.SILU))
                .hasMessageContaining("cannot gate");
        assertThatThrownBy(() -> Norms.rms(g, x, 3, t.bias(3), 0f, 0f)).hasMessageContaining("does not fit 3 heads");
        assertThatThrownBy(() -> Norms.layer(g, x, t.bias(8), t.bias(7), 0f)).hasMessageContaining("do not fit");
        assertThatThrownBy(() -> Rotary.plain(4, 10).rotate(g, x, 3, 2)).hasMessageContaining("no sequences");
        assertThatThrownBy(() -> Rotary.plain(4, 10).rotate(g, x, 2, 4)).hasMessageContaining("no sequences");
        assertThatThrownBy(() -> Embeddings.lookup(g, x, t.weight(3, 4), 1f)).hasMessageContaining("no tokens");
        assertThatThrownBy(() -> Attention.attend(g, x, x, y, new Heads(2, 2, 4, 3, true, 0, 1f)))
                .hasMessageContaining("no sequences");
        Heads s = new Heads(2, 2, 4, 3, true, 0, 1f);
        assertThatThrownBy(() -> Attention.attend(g, x, x, x, s)).hasMessageContaining("three tensors");
        assertThatThrownBy(() -> Attention.attendCached(g, x, x, x, s, new float[9], new float[9], new int[1]))
                .hasMessageContaining("no gradient");
    }
}
