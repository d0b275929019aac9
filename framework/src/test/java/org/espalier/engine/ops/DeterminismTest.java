package org.espalier.engine.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Plan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /**
     * A resumed run starts interpreted where an uninterrupted one is compiled. The bits of a few steps have to be the same
     * in a JVM that only interprets, one that hardly optimises and one that compiles everything at once.
     */
    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:-TieredCompilation"})
    void sameBitsHoweverTheCodeIsCompiled(String option) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        option,
                        "-cp",
                        System.getProperty("java.class.path"),
                        DeterminismTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String[] lines =
                new String(child.getInputStream().readAllBytes()).strip().split("\\R");
        System.out.println("DeterminismTest: " + option + ": " + lines[lines.length - 1]);
        assertThat(child.waitFor()).isZero();
        assertThat(lines[lines.length - 1]).isEqualTo(small());
    }

    /** Prints the bits of small networks; what {@link #sameBitsHoweverTheCodeIsCompiled} starts. */
    public static void main(String[] arguments) {
        System.out.println(small());
    }

    private static String small() {
        StringBuilder bits = new StringBuilder("bits");
        for (Layout layout : Layout.values())
            for (double density : new double[] {1, 0.1}) {
                int[] all = bits(layout, density, 37, 2, 70, 40, 10);
                bits.append(String.format(" %08x", Arrays.hashCode(all)));
            }
        return bits.toString();
    }

    private static int[] bits(Layout layout, double density, int batch, int threads) {
        return bits(layout, density, batch, threads, 784, 300, 100, 10);
    }

    private static int[] bits(Layout layout, double density, int batch, int threads, int... sizes) {
        try (CpuDevice device = new CpuDevice(threads)) {
            Perceptron net = new Perceptron(batch, layout, layer -> density, sizes);
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
