package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.espalier.kernels.Shapes;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every tuned kernel on a device beside its portable twin on the CPU: at random shapes, each entry relative to the largest. */
class TunedKernelsTest {
    private static final double BOUND = 2e-5;
    private static final int SHAPES = 4;

    /** Every size is 1, and every condition that is drawn is false: TornadoVM takes sizes for constants. */
    private static final RandomGenerator ONES = () -> 0;

    @TestFactory
    @Tag("gpu")
    Stream<DynamicTest> computeWhatThePortableOnesDo() {
        return TunedCases.all().entrySet().stream()
                .map(c -> DynamicTest.dynamicTest(c.getKey(), () -> compare(c.getValue())));
    }

    private static void compare(Function<RandomGenerator, Launch> made) {
        try (TornadoDevice gpu = TornadoDevice.open("gpu", 1)) {
            Set<String> tried = new TreeSet<>();
            check(made.apply(ONES), gpu, false, tried);
            for (int seed = 0; seed < SHAPES; seed++) check(made.apply(Shapes.random(seed)), gpu, seed == 0, tried);
            assertThat(tried)
                    .hasSize(Twins.of(made.apply(Shapes.random(0)).kernel()).size());
        }
    }

    @Test
    void everyTwinIsTried() {
        Set<KernelMethod> tried = new HashSet<>();
        TunedCases.all()
                .values()
                .forEach(c -> tried.add(c.apply(Shapes.random(0)).kernel()));
        for (List<Twin> twins : Twins.all())
            assertThat(tried).contains(twins.getFirst().portable());
    }

    private static void check(Launch launch, TornadoDevice gpu, boolean twice, Set<String> tried) {
        List<Object> arrays = launch.writes();
        List<Object> before = copies(arrays);
        launch.plain().run(0, launch.extent());
        List<Object> expected = copies(arrays);
        for (Form form : new Choices(Choices.Use.MEASURED, GroupLimits.NONE).forms(launch)) {
            if (form.launches().contains(launch)) continue;
            List<Object> actual = run(launch, form, gpu, before);
            List<Object> again = twice ? run(launch, form, gpu, before) : actual;
            for (int i = 0; i < arrays.size(); i++) {
                assertThat((float[]) again.get(i)).as("bits of a second run").isEqualTo(actual.get(i));
                assertThat(difference((float[]) actual.get(i), (float[]) expected.get(i)))
                        .as(form.name() + " on " + launch.arguments())
                        .isLessThan(BOUND);
            }
            tried.add(form.name());
        }
    }

    private static List<Object> run(Launch launch, Form form, TornadoDevice gpu, List<Object> before) {
        List<Object> arrays = launch.writes();
        for (int i = 0; i < arrays.size(); i++) Rehearsal.restore(before.get(i), arrays.get(i));
        gpu.alone(form.launches(), false);
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
