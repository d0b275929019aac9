package org.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.espalier.engine.ops.Dense;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Launch;
import org.junit.jupiter.api.Test;

class TwoOfFourTest {
    private static Parameter weight(int rows, int columns, boolean[] kept) {
        Parameter weight = Parameter.weight("w", Span.of(Axis.of("out", rows)), Span.of(Axis.of("in", columns)));
        for (int i = 0; i < weight.size(); i++) weight.value()[i] = i + 1;
        weight.survive(Mask.of(kept));
        return weight;
    }

    /** By hand: survivors 2, 4 | 5 | none of the second row's first four, then 13, 14. */
    @Test
    void keepsValuesAndTheirPlaces() {
        boolean[] kept = new boolean[16];
        for (int i : new int[] {1, 3, 4, 12, 13}) kept[i] = true;
        TwoOfFour form = TwoOfFour.of(weight(2, 8, kept)).orElseThrow();
        assertThat(Arrays.copyOf(form.values(), 8)).containsExactly(2, 4, 5, 0, 0, 0, 13, 14);
        assertThat(form.places()).containsExactly(0b00_00_11_01, 0b01_00_00_00);
    }

    @Test
    void threeOfFourAndBrokenFoursAreNotTwoOfFour() {
        assertThat(TwoOfFour.of(weight(1, 8, new boolean[] {true, false, true, true, false, false, false, false})))
                .isEmpty();
        assertThat(TwoOfFour.of(weight(1, 6, new boolean[6]))).isEmpty();
    }

    /** Whichever form is taken, a token's product is that of the dense matrix. */
    @Test
    void generationMultipliesByItAsByTheDenseMatrix() {
        int rows = 24, columns = 100;
        Random random = new Random(8);
        boolean[] kept = new boolean[rows * columns];
        for (int i = 0; i < kept.length; i += 4) kept[i + random.nextInt(2)] = kept[i + 2 + random.nextInt(2)] = true;
        Parameter weight = weight(rows, columns, kept);
        float[] values = new float[rows * columns], x = new float[columns];
        for (int i = 0; i < values.length; i++) values[i] = random.nextFloat() - 0.5f;
        for (int i = 0; i < columns; i++) x[i] = random.nextFloat() - 0.5f;
        weight.load(values);
        Graph g = Graph.forGeneration();
        Tensor input = g.input("x", 1, new int[] {columns}, Layout.ROWS);
        Tensor y = Dense.linear(g, input, weight, null);
        System.arraycopy(x, 0, input.value(), 0, columns);
        List<String> names = g.launches().stream().map(Launch::name).toList();
        assertThat(names).first().asString().isIn("w.two-of-four-product", "w.bitmap-product");
        try (CpuDevice device = new CpuDevice(1)) {
            device.compile(g.launches()).run();
        }
        for (int r = 0; r < rows; r++) {
            int row = r * columns;
            double expected = IntStream.range(0, columns)
                    .mapToDouble(c -> (double) weight.value()[row + c] * x[c])
                    .sum();
            assertThat((double) y.value()[r]).isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-5));
        }
    }
}
