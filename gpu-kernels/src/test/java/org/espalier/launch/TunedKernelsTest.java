package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.espalier.kernels.MatMul;
import org.espalier.kernels.Shapes;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every tuned kernel on a device beside its portable twin on the CPU: at random shapes, each entry relative to the largest. */
class TunedKernelsTest {
    private static final double BOUND = 2e-5;
    private static final int SHAPES = 6;

    private record Case(String name, Function<RandomGenerator, Launch> launch) {}

    @TestFactory
    @Tag("gpu")
    Stream<DynamicTest> computeWhatThePortableOnesDo() {
        return cases().map(c -> DynamicTest.dynamicTest(c.name, () -> {
            try (TornadoDevice gpu = TornadoDevice.open("gpu", 1)) {
                Set<String> tried = new TreeSet<>();
                for (int seed = 0; seed < SHAPES; seed++) check(c.launch.apply(Shapes.random(seed)), gpu, tried);
                assertThat(tried)
                        .hasSize(Twins.of(c.launch.apply(Shapes.random(0)).kernel())
                                .size());
            }
        }));
    }

    @Test
    void everyTwinIsTried() {
        Set<KernelMethod> tried = new java.util.HashSet<>();
        cases().forEach(c -> tried.add(c.launch.apply(Shapes.random(0)).kernel()));
        for (List<Twin> twins : Twins.all())
            assertThat(tried).contains(twins.getFirst().portable());
    }

    private static Stream<Case> cases() {
        return Stream.of(
                new Case("nn", r -> product(r, "nn")),
                new Case("nt", r -> product(r, "nt")),
                new Case("tn", r -> product(r, "tn")));
    }

    private static Launch product(RandomGenerator random, String form) {
        int rows = Shapes.size(random), n = Shapes.size(random), k = Shapes.size(random), keep = random.nextInt(2);
        float[] c = Shapes.floats(random, rows * n);
        float[] a = Shapes.floats(random, rows * k), b = Shapes.floats(random, k * n);
        return switch (form) {
            case "nn" -> Launch.of("nn", rows, MatMul::nn, c, a, b, n, k, keep);
            case "nt" -> Launch.of("nt", rows, MatMul::nt, c, a, b, n, k, keep);
            default -> Launch.of("tn", rows, MatMul::tn, c, a, b, rows, n, k, keep);
        };
    }

    private static void check(Launch launch, TornadoDevice gpu, Set<String> tried) {
        List<Object> arrays = launch.writes();
        List<Object> before = copies(arrays);
        launch.plain().run(0, launch.extent());
        List<Object> expected = copies(arrays);
        for (Launch form : new Choices(Choices.Use.MEASURED).forms(launch)) {
            if (form == launch) continue;
            List<Object> actual = run(form, gpu, before), again = run(form, gpu, before);
            for (int i = 0; i < arrays.size(); i++) {
                assertThat((float[]) again.get(i)).as("bits of a second run").isEqualTo(actual.get(i));
                assertThat(difference((float[]) actual.get(i), (float[]) expected.get(i)))
                        .as(form.kernel() + " on " + launch.arguments())
                        .isLessThan(BOUND);
            }
            tried.add(form.kernel().toString());
        }
    }

    private static List<Object> run(Launch form, TornadoDevice gpu, List<Object> before) {
        List<Object> arrays = form.writes();
        for (int i = 0; i < arrays.size(); i++) Rehearsal.restore(before.get(i), arrays.get(i));
        gpu.alone(form, false);
        return copies(arrays);
    }

    private static List<Object> copies(List<Object> arrays) {
        List<Object> copies = new ArrayList<>();
        for (Object array : arrays) copies.add(Rehearsal.copy(array));
        return copies;
    }

    private static double difference(float[] actual, float[] expected) {
        double worst = 0, top = 1e-3;
        for (float v : expected) top = Math.max(top, Math.abs(v));
        for (int i = 0; i < actual.length; i++) {
            double error = Math.abs((double) actual[i] - expected[i]) / top;
            if (!(error <= worst)) worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
        }
        return worst;
    }
}
