package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.espalier.kernels.Shapes;
import org.junit.jupiter.api.Test;

/** OpenBLAS has had wrong kernels for single CPU models: its products against plain loops, at shapes around its tiles. */
class BlasTest {
    @Test
    void multipliesPartsOfArraysInEveryForm() {
        RandomGenerator random = Shapes.random(5);
        double worst = 0;
        int products = 400;
        for (int round = 0; round < products; round++) {
            int m = 1 + random.nextInt(140), n = 1 + random.nextInt(140), k = 1 + random.nextInt(140);
            boolean ta = random.nextBoolean(), tb = random.nextBoolean();
            float beta = random.nextInt(2);
            int aStride = (ta ? m : k) + random.nextInt(3), bStride = (tb ? k : n) + random.nextInt(3);
            int cStride = n + random.nextInt(3), aFirst = random.nextInt(9), bFirst = random.nextInt(9);
            int cFirst = random.nextInt(9);
            float[] a = Shapes.floats(random, aFirst + (ta ? k : m) * aStride);
            float[] b = Shapes.floats(random, bFirst + (tb ? n : k) * bStride);
            float[] c = Shapes.floats(random, cFirst + m * cStride + 5);
            double[] expected = new double[c.length];
            for (int i = 0; i < c.length; i++) expected[i] = c[i];
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++) {
                    double sum = beta * c[cFirst + i * cStride + j];
                    for (int x = 0; x < k; x++)
                        sum += (double) a[aFirst + (ta ? x * aStride + i : i * aStride + x)]
                                * b[bFirst + (tb ? j * bStride + x : x * bStride + j)];
                    expected[cFirst + i * cStride + j] = sum;
                }
            Blas.product(ta, tb, m, n, k, a, aFirst, aStride, b, bFirst, bStride, beta, c, cFirst, cStride);
            worst = Math.max(worst, Shapes.difference(c, expected));
        }
        System.out.printf(
                "BlasTest: %d products with the kernels of %s, largest difference %.1e%n",
                products, Blas.kernel(), worst);
        assertThat(worst).isLessThan(3e-5);
    }
}
