package org.espalier.engine.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.espalier.engine.Parameter;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Launch;
import org.espalier.launch.Plan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training steps of a small language model give the same bits on any number of threads, and lower its loss. */
class TokenDeterminismTest {
    @ParameterizedTest(name = "window {0}, tied {1}")
    @CsvSource({"0, false", "50, true"})
    void sameBitsOnOneTwoAndThreeThreads(int window, boolean tied) {
        TokenNetwork.Shape shape = new TokenNetwork.Shape(96, 2, 200, 6, 2, 16, 1500, window);
        int[] reference = bits(shape, tied, 1);
        for (int threads : new int[] {2, 3})
            assertThat(bits(shape, tied, threads)).as(threads + " threads").isEqualTo(reference);
        System.out.printf(
                "TokenDeterminismTest: window %d, tied %s: bits %08x%n", window, tied, Arrays.hashCode(reference));
    }

    private static int[] bits(TokenNetwork.Shape shape, boolean tied, int threads) {
        try (CpuDevice device = new CpuDevice(threads)) {
            TokenNetwork net = new TokenNetwork(shape, 3, 130, true, tied);
            Plan plan = device.compile(net.launches);
            float first = 0;
            for (int step = 0; step < 4; step++) {
                net.advance();
                plan.run();
                if (step == 0) first = net.loss.total()[0];
            }
            assertThat(net.loss.total()[0]).isLessThan(first);
            return net.parameters.stream()
                    .map(Parameter::value)
                    .flatMapToInt(v -> IntStream.range(0, v.length).map(i -> Float.floatToRawIntBits(v[i])))
                    .toArray();
        }
    }

    /** The whole network by the plain kernels: their sums run in another order, the losses agree. */
    @org.junit.jupiter.api.Test
    void plainKernelsGiveTheSameLosses() {
        TokenNetwork.Shape shape = new TokenNetwork.Shape(32, 1, 48, 4, 2, 8, 300, 9);
        TokenNetwork net = new TokenNetwork(shape, 2, 40, true, true),
                plain = new TokenNetwork(shape, 2, 40, true, true);
        try (CpuDevice device = new CpuDevice(2)) {
            Plan plan = device.compile(net.launches);
            for (int step = 0; step < 3; step++) {
                net.advance();
                plan.run();
                plain.advance();
                for (Launch launch : plain.launches) launch.plain().run(0, launch.extent());
                assertThat(net.loss.total()[0])
                        .isCloseTo(plain.loss.total()[0], org.assertj.core.api.Assertions.within(1e-3f));
            }
        }
    }
}
