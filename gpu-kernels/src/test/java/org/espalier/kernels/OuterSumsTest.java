package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.espalier.launch.OuterSumsBodies;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class OuterSumsTest {
    @RepeatedTest(40)
    void multipliesAsALoopDoes(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random), rank = 1 + random.nextInt(20), columns = Shapes.size(random);
        int turned = random.nextInt(2), keep = random.nextInt(2);
        float[] u = Shapes.floats(random, n * rank), y = Shapes.floats(random, n * columns);
        float[] plain = Shapes.floats(random, rank * columns), host = plain.clone();
        double[] expected = new double[rank * columns];
        for (int k = 0; k < rank; k++)
            for (int c = 0; c < columns; c++) {
                int e = turned == 1 ? c * rank + k : k * columns + c;
                if (keep == 1) expected[e] = plain[e];
                for (int r = 0; r < n; r++) expected[e] += (double) u[r * rank + k] * y[r * columns + c];
            }
        Shapes.run(random, columns, (f, c) -> OuterSums.product(plain, u, y, n, rank, columns, turned, keep, f, c));
        Shapes.run(
                random, columns, (f, c) -> OuterSumsBodies.product(host, u, y, n, rank, columns, turned, keep, f, c));
        assertThat(Shapes.difference(plain, expected)).isLessThan(1e-4);
        assertThat(Shapes.difference(host, expected)).isLessThan(1e-4);
    }
}
