package org.espalier.engine.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.espalier.engine.Layout;
import org.espalier.launch.Launch;
import org.junit.jupiter.api.Test;

/**
 * Every host body against the kernel it stands for, on the launches that the ops themselves make at random shapes: both run
 * on the same inputs and every array the launch was given is compared.
 */
class HostBodyTest {
    /** Bodies sum in another order, with fused multiplications: so many times the largest value of the array. */
    private static final double TOLERANCE = 5e-6;

    @Test
    void agreesWithTheKernel() {
        TreeMap<String, double[]> seen = new TreeMap<>();
        RandomGenerator random = new SplittableRandom(11);
        int[] sizes = {1, 2, 3, 7, 10, 16, 17, 31, 33, 64, 67, 100, 131};
        for (int round = 0; round < 60; round++) {
            int batch = sizes[random.nextInt(sizes.length)];
            double density = new double[] {1, 0.5, 0.2, 0.05, 0.01}[round % 5];
            Layout layout = Layout.values()[round / 5 % 2];
            Perceptron net = new Perceptron(
                    batch, layout, layer -> density, size(random, sizes), size(random, sizes), size(random, sizes), 10);
            for (Launch launch : net.launches) {
                launch.plain().run(0, launch.extent()); // later launches see the values that training gives
                if (launch.host() == launch.plain()) continue;
                double[] tally = seen.computeIfAbsent(launch.name().replaceAll("[0-9]", ""), _ -> new double[2]);
                tally[0]++;
                tally[1] = Math.max(tally[1], difference(launch, random));
            }
        }
        seen.forEach((name, tally) -> System.out.printf(
                "HostBodyTest: %-24s %4.0f launches, largest difference %.1e%n", name, tally[0], tally[1]));
        assertThat(seen).hasSizeGreaterThanOrEqualTo(6);
        seen.forEach((name, tally) -> assertThat(tally[1]).as(name).isLessThan(TOLERANCE));
    }

    private static int size(RandomGenerator random, int[] sizes) {
        return sizes[random.nextInt(sizes.length)] + 1;
    }

    private static double difference(Launch launch, RandomGenerator random) {
        List<float[]> arrays = new ArrayList<>();
        for (Object argument : launch.arguments()) if (argument instanceof float[] a) arrays.add(a);
        assertThat(arrays).isNotEmpty();
        List<float[]> before = arrays.stream().map(float[]::clone).toList();
        launch.plain().run(0, launch.extent());
        List<float[]> expected = arrays.stream().map(float[]::clone).toList();
        for (int i = 0; i < arrays.size(); i++)
            System.arraycopy(before.get(i), 0, arrays.get(i), 0, before.get(i).length);
        List<Integer> slices = new ArrayList<>();
        for (int first = 0; first < launch.extent(); first += launch.grain()) slices.add(first);
        java.util.Collections.shuffle(slices, java.util.Random.from(random));
        for (int first : slices) launch.host().run(first, Math.min(launch.grain(), launch.extent() - first));
        double worst = 0;
        for (int i = 0; i < arrays.size(); i++) worst = Math.max(worst, difference(arrays.get(i), expected.get(i)));
        return worst;
    }

    /** The largest difference, relative to the largest value expected. */
    private static double difference(float[] actual, float[] expected) {
        double largest = 0, worst = 0;
        for (float e : expected) largest = Math.max(largest, Math.abs(e));
        for (int i = 0; i < actual.length; i++) {
            if (Float.floatToIntBits(actual[i]) == Float.floatToIntBits(expected[i])) continue;
            double error = Math.abs(actual[i] - expected[i]) / Math.max(largest, 1e-30);
            worst = Math.max(worst, Double.isNaN(error) ? Double.POSITIVE_INFINITY : error);
        }
        return worst;
    }
}
