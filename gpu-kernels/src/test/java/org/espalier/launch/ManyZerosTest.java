package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.espalier.kernels.MatMul;
import org.espalier.kernels.Shapes;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ManyZerosTest {
    private static float[] sparse(RandomGenerator random, int size, double density) {
        float[] b = Shapes.floats(random, size);
        for (int i = 0; i < size; i++) if (random.nextDouble() >= density) b[i] = random.nextBoolean() ? 0f : -0f;
        return b;
    }

    /** One of the two forms of products, with A from an offset on and C too. */
    private interface Product {
        boolean multiply(int m, int n, int k, float[] a, int aFirst, float[] b, boolean keep, float[] c, int cFirst);
    }

    private interface Plain {
        void multiply(float[] c, float[] a, float[] b, int n, int k, int keep, int first, int count);
    }

    @RepeatedTest(30)
    void productsAgreeWithTheKernelAndDoNotDependOnTheCut(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = random.nextInt(1, 300), k = random.nextInt(4096 / n + 1, 4096 / n + 200);
        agrees(random, n, k, ManyZeros::nn, MatMul::nn);
    }

    @RepeatedTest(30)
    void gradientsAgreeWithTheKernelAndDoNotDependOnTheCut(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int k = random.nextInt(1, 65), n = random.nextInt(4096 / k + 1, 4096 / k + 200);
        agrees(random, Math.min(n, 4096), k, ManyZeros::nt, MatMul::nt);
    }

    private static void agrees(RandomGenerator random, int n, int k, Product product, Plain plain) {
        int m = random.nextInt(100, 250), first = random.nextInt(48, m - 48);
        boolean keep = random.nextBoolean();
        float[] a = Shapes.floats(random, m * k), b = sparse(random, n * k, random.nextDouble(0.3));
        float[] before = Shapes.floats(random, m * n), expected = before.clone();
        plain.multiply(expected, a, b, n, k, keep ? 1 : 0, 0, m);
        float[] whole = before.clone(), cut = before.clone();
        assertThat(product.multiply(m, n, k, a, 0, b, keep, whole, 0)).isTrue();
        assertThat(product.multiply(first, n, k, a, 0, b, keep, cut, 0)).isTrue();
        assertThat(product.multiply(m - first, n, k, a, first * k, b, keep, cut, first * n))
                .isTrue();
        assertThat(Arrays.equals(cut, whole)).isTrue();
        close(whole, expected);
    }

    @Test
    void columnsWithFewZerosAreMultipliedDensely() {
        RandomGenerator random = Shapes.random(1);
        int m = 100, n = 64 + 64 + 20, k = 77;
        float[] a = Shapes.floats(random, m * k), b = sparse(random, k * n, 0.2);
        for (int p = 0; p < k; p++) for (int j = 64; j < 128; j++) b[p * n + j] = random.nextFloat();
        float[] c = new float[m * n], expected = new float[m * n];
        assertThat(ManyZeros.nn(m, n, k, a, 0, b, false, c, 0)).isTrue();
        MatMul.nn(expected, a, b, n, k, 0, 0, m);
        close(c, expected);
    }

    @Test
    void nothingIsDoneWhereZerosAreFew() {
        RandomGenerator random = Shapes.random(1);
        float[] a = Shapes.floats(random, 100 * 64), b = Shapes.floats(random, 64 * 100), c = new float[100 * 100];
        assertThat(ManyZeros.nn(100, 100, 64, a, 0, b, false, c, 0)).isFalse();
        assertThat(ManyZeros.nt(100, 100, 64, a, 0, b, false, c, 0)).isFalse();
        assertThat(c).containsOnly(0f);
    }

    @Test
    void numbersThatAreNotFiniteAreSeen() {
        int m = 64, n = 64, k = 64;
        float[] a = new float[m * k], b = new float[k * n], c = new float[m * n];
        b[5 * n + 7] = Float.NaN;
        assertThat(ManyZeros.nn(m, n, k, a, 0, b, false, c, 0)).isTrue();
        for (int i = 0; i < m * n; i++) assertThat(Float.isNaN(c[i])).isEqualTo(i % n == 7);
    }

    private static void close(float[] actual, float[] expected) {
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - expected[i])); // NaN stays
        }
        assertThat(worst).isLessThan(1e-4);
    }
}
