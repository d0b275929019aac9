package org.espalier.engine.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.launch.CpuDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenLossTest {
    /** Without and with the output layer tied to the table that tokens are looked up in. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hasTheGradientOfItsTotal(boolean tied) {
        for (CpuDevice device : new CpuDevice[] {CpuDevice.ofPlainKernels(), new CpuDevice(2)}) {
            try (device) {
                Trial t = new Trial(3);
                Parameter table = t.weight(7, 5), head = tied ? table : t.weight(7, 5);
                Tensor tokens = TokenGradientTest.tokens(t, 2, 0, 6, 2, 5, 1);
                Tensor x = Embeddings.lookup(t.graph, tokens, table, 2f);
                Tensor h = Activations.add(t.graph, Dense.linear(t.graph, x, t.weight(5, 5), t.bias(5)), x);
                float[] weights = {0.5f, 1, 0, 2, 1, 0.25f};
                Losses.Loss loss = Losses.tokenCrossEntropy(t.graph, h, head, new int[] {0, 6, 2, 5, 1, 0}, weights);
                double error = t.error(device, () -> {
                    double sum = 0;
                    for (float l : loss.losses()) sum += l;
                    return sum;
                });
                System.out.printf("TokenLossTest: tied %s, %.1e%n", tied, error);
                assertThat(error).isLessThan(3e-3);
                assertThat(loss.losses()[2]).isZero();
            }
        }
    }

    /** So many tokens and classes that gradients come in chunks and losses in tiles: all agree with the plain loss. */
    @Test
    void chunksAndTilesGiveThePlainLoss() {
        int n = 300, width = 24, classes = 40_000;
        SplittableRandom random = new SplittableRandom(5);
        Trial t = new Trial(5);
        Parameter head = t.weight(classes, width);
        float[] hidden = new float[n * width], weights = new float[n];
        t.fill(hidden);
        java.util.Arrays.fill(weights, 1f / n);
        int[] labels = random.ints(n, 0, classes).toArray();
        Graph whole = Graph.forTraining(), chunked = Graph.forTraining(), alone = Graph.forEvaluation();
        Tensor x = leaf(whole, hidden, n, width), y = leaf(chunked, hidden, n, width);
        Tensor logits = Dense.linear(whole, x, head, null);
        Losses.Loss expected = Losses.crossEntropy(whole, logits, labels, weights);
        whole.differentiate();
        try (CpuDevice device = new CpuDevice(2)) {
            device.compile(whole.launches()).run();
            float[] dHead = head.grad().clone();
            Losses.Loss actual = Losses.tokenCrossEntropy(chunked, y, head, labels, weights);
            chunked.differentiate();
            var plan = device.compile(chunked.launches());
            plan.run();
            plan.run(); // must not add to the first
            close(actual.losses(), expected.losses(), 1e-5f);
            assertThat(actual.correct()).isEqualTo(expected.correct());
            assertThat(actual.total()[0]).isCloseTo(expected.total()[0], org.assertj.core.api.Assertions.within(1e-4f));
            close(y.grad(), x.grad(), 1e-6f);
            close(head.grad(), dHead, 1e-6f);
            Losses.Loss only = Losses.tokenCrossEntropy(alone, leaf(alone, hidden, n, width), head, labels, weights);
            device.compile(alone.launches()).run();
            close(only.losses(), expected.losses(), 1e-5f);
            assertThat(only.correct()).isEqualTo(expected.correct());
        }
    }

    private static Tensor leaf(Graph g, float[] values, int n, int width) {
        var span = org.espalier.engine.Span.of(org.espalier.engine.Axis.of("x", width));
        Tensor x = g.tensor("x", n, new int[] {width}, Layout.ROWS, span);
        System.arraycopy(values, 0, x.value(), 0, values.length);
        return x;
    }

    private static void close(float[] actual, float[] expected, float tolerance) {
        for (int i = 0; i < expected.length; i++)
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("entry " + i)
                    .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(expected[i])));
    }

    @Test
    void refusesWhatDoesNotFit() {
        Trial t = new Trial(1);
        Tensor x = t.leaf(3, Layout.ROWS, 4);
        assertThatThrownBy(() -> Losses.tokenCrossEntropy(t.graph, x, t.weight(9, 5), new int[3], new float[3]))
                .hasMessageContaining("takes 5 features");
        assertThatThrownBy(() -> Losses.tokenCrossEntropy(t.graph, x, t.weight(9, 4), new int[2], new float[3]))
                .hasMessageContaining("3 examples, but 2 labels");
    }
}
