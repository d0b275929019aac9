package org.espalier.engine.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Tensor;
import org.espalier.launch.CpuDevice;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RotaryTest {
    private record Case(
            String name, RotaryScaling scaling, double theta, int length, double factor, double... wanted) {}

    /** Frequencies of a head of 16 features as transformers 5.23 computes them, in floats. */
    @TestFactory
    Stream<DynamicTest> frequenciesAreThoseOfTransformers() {
        double[] high = {2.5e-3, 7.905694656e-4, 2.500000119e-4, 7.905694656e-5};
        return Stream.of(
                        new Case(
                                "linear",
                                new RotaryScaling.Pressed(4),
                                1e4,
                                99,
                                1,
                                0.25,
                                0.07905694097,
                                0.02500000037,
                                0.007905694656,
                                high[0],
                                high[1],
                                high[2],
                                high[3]),
                        new Case(
                                "dynamic",
                                new RotaryScaling.Dynamic(4, 512),
                                1e4,
                                1300,
                                1,
                                1,
                                0.23872730136,
                                0.05699072033,
                                0.01360523980,
                                0.003247942077,
                                7.753724349e-4,
                                1.851025736e-4,
                                4.418903336e-5),
                        new Case(
                                "llama3",
                                new RotaryScaling.Llama3(8, 1, 4, 512),
                                5e5,
                                99,
                                1,
                                1,
                                0.1939227581,
                                0.0273441337,
                                9.115831344e-4,
                                1.767766807e-4,
                                3.428102355e-5,
                                6.647869668e-6,
                                1.289173156e-6),
                        new Case(
                                "yarn",
                                new RotaryScaling.Yarn(4, 32, 1, 512, RotaryScaling.Yarn.attention(4), true),
                                1e4,
                                99,
                                1.138629436111989,
                                1,
                                0.25693506002,
                                0.0625,
                                0.01383496542,
                                high[0],
                                high[1],
                                high[2],
                                high[3]),
                        new Case(
                                "yarn, other ramp",
                                new RotaryScaling.Yarn(
                                        4,
                                        24,
                                        2,
                                        512,
                                        RotaryScaling.Yarn.attention(4, 1) / RotaryScaling.Yarn.attention(4, 0.5),
                                        true),
                                1e4,
                                99,
                                1.0648216253695715,
                                1,
                                0.3162277639,
                                0.07499999553,
                                0.01581138931,
                                high[0],
                                high[1],
                                high[2],
                                high[3]),
                        new Case(
                                "yarn, ends of the ramp not rounded",
                                new RotaryScaling.Yarn(4, 32, 1, 512, RotaryScaling.Yarn.attention(4), false),
                                1e4,
                                99,
                                1.138629436111989,
                                1,
                                0.3014064729,
                                0.07039863616,
                                0.01438335888,
                                high[0],
                                high[1],
                                high[2],
                                high[3]))
                .map(c -> DynamicTest.dynamicTest(c.name, () -> {
                    double[] actual = c.scaling.frequencies(16, c.theta, c.length);
                    assertThat(actual).hasSameSizeAs(c.wanted);
                    for (int j = 0; j < actual.length; j++)
                        assertThat(actual[j]).isCloseTo(c.wanted[j], within(1e-6 * c.wanted[j]));
                    assertThat(c.scaling.factor()).isCloseTo(c.factor, within(1e-12));
                }));
    }

    /** A head of (1, 0, 0, 0) and one of (0, 0, 1, 0), by hand: the first feature turns by the position, with the third. */
    @Test
    void turnsHalvesOfAHeadByPosition() {
        Graph g = Graph.forEvaluation();
        Tensor x = g.input("x", 6, new int[] {8}, Layout.ROWS);
        for (int t = 0; t < 6; t++) x.value()[8 * t] = x.value()[8 * t + 6] = 1;
        Tensor y = Rotary.plain(4, 1e4).rotate(g, x, 2, 3);
        run(g);
        for (int t = 0; t < 6; t++) {
            float cosine = (float) Math.cos(t % 3), sine = (float) Math.sin(t % 3);
            float[] token = java.util.Arrays.copyOfRange(y.value(), 8 * t, 8 * t + 8);
            assertThat(token).containsExactly(cosine, 0, sine, 0, 0 - sine, 0, cosine, 0);
        }
    }

    /** Token by token from a changing position gives what the whole sequence gives, features beyond the rotated ones included. */
    @Test
    void decodingTurnsAsTheWholeSequenceDoes() {
        Rotary rotary = new Rotary(6, 4, 100, new RotaryScaling.Pressed(2));
        Graph whole = Graph.forEvaluation(), step = Graph.forEvaluation();
        Tensor x = whole.input("x", 5, new int[] {12}, Layout.ROWS);
        new Trial(1).fill(x.value());
        Tensor y = rotary.rotate(whole, x, 2, 5);
        run(whole);
        int[] position = {0};
        Tensor one = step.input("x", 1, new int[] {12}, Layout.ROWS);
        Tensor turned = rotary.rotateAt(step, one, 2, position, 8);
        for (int t = 0; t < 5; t++) {
            position[0] = t;
            System.arraycopy(x.value(), 12 * t, one.value(), 0, 12);
            run(step);
            assertThat(turned.value()).containsExactly(java.util.Arrays.copyOfRange(y.value(), 12 * t, 12 * t + 12));
        }
    }

    private static void run(Graph g) {
        try (CpuDevice device = new CpuDevice(1)) {
            device.compile(g.launches()).run();
        }
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new Rotary(8, 3, 1e4, new RotaryScaling.Unscaled()))
                .hasMessageContaining("not 3");
        assertThatThrownBy(() -> new Rotary(8, 10, 1e4, new RotaryScaling.Unscaled()))
                .hasMessageContaining("not 10");
        assertThatThrownBy(() -> Rotary.plain(8, 0)).hasMessageContaining("theta");
        assertThatThrownBy(() -> new RotaryScaling.Pressed(0.5)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> new RotaryScaling.Llama3(8, 4, 1, 512)).hasMessageContaining("low < high");
        assertThatThrownBy(() -> new RotaryScaling.Yarn(8, 1, 2, 512, 1, true)).hasMessageContaining("fast");
    }
}
