package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.espalier.kernels.Shapes;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class PanelsTest {
    /** A product at random places in larger arrays, some of its sizes no multiples of anything. */
    private record Product(boolean turnA, boolean turnB, int m, int n, int k, boolean keep, float[] a, float[] b) {
        static Product of(RandomGenerator random) {
            int m = Shapes.size(random), n = Shapes.size(random), k = random.nextInt(1, 700);
            return new Product(
                    random.nextBoolean(),
                    random.nextBoolean(),
                    m,
                    n,
                    k,
                    random.nextBoolean(),
                    Shapes.floats(random, (m + 3) * (k + 3)),
                    Shapes.floats(random, (n + 3) * (k + 3)));
        }

        int aStride() {
            return (turnA ? m : k) + 2;
        }

        int bStride() {
            return (turnB ? k : n) + 1;
        }

        /** Rows from {@code first} on. */
        void multiply(float[] c, int first, int count) {
            int from = 1 + (turnA ? first : first * aStride());
            Panels.product(
                    turnA,
                    turnB,
                    count,
                    n,
                    k,
                    a,
                    from,
                    aStride(),
                    b,
                    2,
                    bStride(),
                    keep,
                    c,
                    5 + first * (n + 4),
                    n + 4);
        }

        double entry(int i, int j, float before) {
            double sum = keep ? before : 0;
            for (int p = 0; p < k; p++)
                sum += (double) a[1 + (turnA ? p * aStride() + i : i * aStride() + p)]
                        * b[2 + (turnB ? j * bStride() + p : p * bStride() + j)];
            return sum;
        }
    }

    @RepeatedTest(30)
    void agreesWithSumsInDoublesAndWritesNothingElse(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        Product p = Product.of(random);
        float[] before = Shapes.floats(random, (p.m + 2) * (p.n + 4)), c = before.clone();
        p.multiply(c, 0, p.m);
        for (int e = 0; e < c.length; e++) {
            int i = Math.floorDiv(e - 5, p.n + 4), j = Math.floorMod(e - 5, p.n + 4);
            boolean written = i >= 0 && i < p.m && j < p.n;
            if (written) assertThat((double) c[e]).isCloseTo(p.entry(i, j, before[e]), within(1e-4));
            else assertThat(c[e]).isEqualTo(before[e]);
        }
    }

    @RepeatedTest(10)
    void anyCutGivesTheSameBits(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(100 + repetition.getCurrentRepetition());
        Product p = Product.of(random);
        float[] whole = Shapes.floats(random, (p.m + 2) * (p.n + 4)), cut = Arrays.copyOf(whole, whole.length);
        p.multiply(whole, 0, p.m);
        Shapes.run(random, p.m, (first, count) -> p.multiply(cut, first, count));
        assertThat(cut).isEqualTo(whole);
    }
}
