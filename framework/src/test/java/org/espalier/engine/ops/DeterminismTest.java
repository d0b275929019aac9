package org.espalier.engine.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Plan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training steps give the same bits on any number of threads, run after run. */
class DeterminismTest {
    private static final int STEPS = 12;

    @ParameterizedTest(name = "{0} layout, density {1}, batch {2}")
    @CsvSource({
        "ROWS, 1, 60",
        "COLUMNS, 1, 64",
        "ROWS, 0.5, 60",
        "COLUMNS, 0.5, 61",
        "ROWS, 0.05, 60",
        "COLUMNS, 0.05, 64",
        "COLUMNS, 0.05, 37"
    })
    void sameBitsOnOneTwoAndThreeThreads(Layout layout, double density, int batch) {
        int[] reference = bits(layout, density, batch, 1);
        for (int threads : new int[] {1, 2, 3, 2, 3})
            assertThat(bits(layout, density, batch, threads))
                    .as(threads + " threads")
                    .isEqualTo(reference);
        System.out.printf(
                "DeterminismTest: %d steps, %s, density %s, batch %d: 1, 2 and 3 threads, bits %08x%n",
                STEPS, layout, density, batch, Arrays.hashCode(reference));
    }

    private static int[] bits(Layout layout, double density, int batch, int threads) {
        try (CpuDevice device = new CpuDevice(threads)) {
            Perceptron net = new Perceptron(batch, layout, layer -> density, 784, 300, 100, 10);
            Plan plan = net.compile(device);
            List<Integer> bits = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                net.train(plan);
                bits.add(Float.floatToRawIntBits(net.loss.total()[0]));
            }
            for (Parameter p : net.parameters) {
                for (float x : p.value()) bits.add(Float.floatToRawIntBits(x));
                for (float x : p.trainedGrad()) bits.add(Float.floatToRawIntBits(x));
            }
            assertThat(net.loss.total()[0]).isFinite().isPositive();
            return bits.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
