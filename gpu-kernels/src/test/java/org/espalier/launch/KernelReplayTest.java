package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.espalier.kernels.MatMul;
import org.espalier.kernels.Pointwise;
import org.espalier.kernels.Sizes;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every portable kernel on a device beside the CPU, over one unit, primes, and more units than a group of work items has. */
class KernelReplayTest {
    private static final int[] EXTENTS = {7, 1031, 1};

    @TestFactory
    @Tag("gpu")
    Stream<DynamicTest> computesWhatTheCpuComputes() {
        TornadoDevice gpu = TornadoDevice.open("gpu", 1);
        Stream<DynamicTest> tests = Stream.of(0, 1, 2)
                .map(i -> Sizes.launches(EXTENTS[i], i % 2))
                .flatMap(List::stream)
                .map(launch -> DynamicTest.dynamicTest(
                        launch.kernel() + " over " + launch.extent(), () -> replay(gpu, launch)));
        return tests.onClose(gpu::close);
    }

    private static void replay(TornadoDevice gpu, Launch launch) {
        Rehearsal rehearsal = gpu.rehearsal(Choices.Use.PORTABLE);
        rehearsal.check(List.of(launch));
        assertThat(rehearsal.compared()).containsExactly(launch.kernel().toString());
        if (rehearsal.worst() > 0.1)
            System.out.printf(
                    "%s over %d: %.2f of what is allowed%n", launch.kernel(), launch.extent(), rehearsal.worst());
        launch.plain().run(0, launch.extent()); // later launches take what it computes
    }

    @Test
    @Tag("gpu")
    void launchesOfNothingAreLeftOut() {
        float[] x = {1, 2}, y = {3, 4};
        try (TornadoDevice gpu = TornadoDevice.open("gpu", 1)) {
            Plan plan = gpu.compile(List.of(
                    Launch.of("none", 0, Pointwise::copy, y, x, 0), Launch.of("all", 2, Pointwise::relu, y, x)));
            plan.run();
            plan.read(y);
            assertThat(y).containsExactly(1, 2);
        }
    }

    @Test
    void replaysEveryPortableKernel() throws IOException, URISyntaxException {
        Set<String> replayed = new TreeSet<>();
        for (Launch launch : Sizes.launches(7, 0)) replayed.add(launch.kernel().toString());
        assertThat(replayed).isEqualTo(kernels());
    }

    private static Set<String> kernels() throws IOException, URISyntaxException {
        Path classes = Path.of(MatMul.class.getResource("MatMul.class").toURI()).getParent();
        Set<String> kernels = new TreeSet<>();
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                ClassFile.of().parse(file).methods().stream()
                        .filter(m ->
                                m.flags().has(AccessFlag.PUBLIC) && m.flags().has(AccessFlag.STATIC))
                        .forEach(m -> kernels.add(name + "." + m.methodName().stringValue()));
            }
        }
        return kernels;
    }
}
