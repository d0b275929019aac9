package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.espalier.kernels.Shapes;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The convolutions' host bodies beside the kernels: rounding apart the same, and the same bits on any number of threads. */
class StencilTest {
    /** Of the largest value: sums in another order. */
    private static final double GATHERED = 5e-6;

    /** Of the largest value: Winograd's transforms add and take away what the direct sum never sees. */
    private static final double TILED = 1e-5;

    private static final class Case {
        final Window s;
        final boolean keep;
        final float[] x, w, dy, bias, y, dx, dw, dbias;

        Case(Window s, RandomGenerator random) {
            this.s = s;
            keep = random.nextBoolean();
            x = Shapes.floats(random, s.channels() * s.height() * s.width() * s.batch());
            w = Shapes.floats(random, s.outs() * s.channels() * s.kernel() * s.kernel());
            dy = Shapes.floats(random, s.outs() * s.outHeight() * s.outWidth() * s.batch());
            bias = Shapes.floats(random, s.outs());
            y = new float[dy.length];
            dx = Shapes.floats(random, x.length);
            dw = Shapes.floats(random, w.length);
            dbias = Shapes.floats(random, s.outs());
        }

        /** Runs everything with launches of its own and returns what was written; nothing stays. */
        List<float[]> run(CpuDevice device) {
            float[] y = this.y.clone(), dx = this.dx.clone(), dw = this.dw.clone(), dbias = this.dbias.clone();
            List<Launch> launches = new ArrayList<>(Stencil.forward("forward", y, x, w, bias, s));
            launches.addAll(Stencil.inputGrad("input", dx, dy, w, s, keep));
            launches.addAll(Stencil.weightGrad("weight", dw, dy, x, s, keep));
            launches.add(Stencil.biasGrad("bias", dbias, dy, s, keep));
            device.compile(launches).run();
            return List.of(y, dx, dw, dbias);
        }
    }

    @RepeatedTest(30)
    void gathersColumnsAsTheKernelSums(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int kernel = 1 + random.nextInt(5), padding = random.nextInt(kernel);
        Window s = new Window(
                repetition.getCurrentRepetition() == 1 ? 701 : Shapes.size(random),
                1 + random.nextInt(7),
                kernel + random.nextInt(8),
                kernel + random.nextInt(8),
                1 + random.nextInt(7),
                kernel,
                1 + random.nextInt(3),
                padding);
        assertThat(WinogradBodies.suits(s)).isFalse();
        compare(new Case(s, random), GATHERED);
    }

    @RepeatedTest(12)
    void tilesAsTheKernelSums(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int[] batches = {8, 11, 16, 17, 31, 32, 37, 60, 64, 65, 97, 131};
        int padding = random.nextInt(3);
        Window s = new Window(
                batches[repetition.getCurrentRepetition() - 1],
                8 + random.nextInt(12),
                7 + random.nextInt(7),
                7 + random.nextInt(7),
                8 + random.nextInt(12),
                3,
                1,
                padding);
        assertThat(WinogradBodies.suits(s)).isTrue();
        compare(new Case(s, random), TILED);
    }

    @Test
    void roundsTilesStatedlyMoreThanTheDirectSum() {
        Case t = new Case(new Window(16, 64, 12, 12, 64, 3, 1, 1), Shapes.random(1));
        System.out.printf(
                "StencilTest: 64 channels, tiles against kernels: largest difference %.1e%n", compare(t, TILED));
    }

    private static double compare(Case t, double tolerance) {
        double worst = 0;
        try (CpuDevice plain = CpuDevice.ofPlainKernels();
                CpuDevice host = new CpuDevice(1);
                CpuDevice three = new CpuDevice(3)) {
            List<float[]> expected = t.run(plain), actual = t.run(host), again = t.run(three);
            for (int i = 0; i < expected.size(); i++) {
                double largest = 0, difference = 0;
                for (float e : expected.get(i)) largest = Math.max(largest, Math.abs(e));
                for (int j = 0; j < expected.get(i).length; j++)
                    difference = Math.max(difference, Math.abs(actual.get(i)[j] - expected.get(i)[j]));
                assertThat(difference / largest).as("%s, array %d", t.s, i).isLessThan(tolerance);
                assertThat(again.get(i)).as("bits on three threads").isEqualTo(actual.get(i));
                worst = Math.max(worst, difference / largest);
            }
        }
        return worst;
    }
}
