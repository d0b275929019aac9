package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.espalier.launch.DiagonalBodies;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class DiagonalTest {
    @RepeatedTest(20)
    void multipliesColumnsAndSumsTheirProducts(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int rows = Shapes.size(random), columns = Shapes.size(random), keep = random.nextInt(2);
        float factor = 0.7f;
        float[] x = Shapes.floats(random, rows * columns), dy = Shapes.floats(random, rows * columns);
        float[] d = Shapes.floats(random, columns), scale = Shapes.floats(random, columns);
        float[] y = Shapes.floats(random, rows * columns), dd = Shapes.floats(random, columns), body = dd.clone();
        double[] expected = new double[rows * columns], gradient = new double[columns];
        for (int c = 0; c < columns; c++) {
            for (int r = 0; r < rows; r++) {
                int e = r * columns + c;
                expected[e] = (keep == 1 ? y[e] : 0) + factor * (double) d[c] * x[e];
                gradient[c] += factor * (double) scale[c] * dy[e] * x[e];
            }
            if (keep == 1) gradient[c] += dd[c];
        }
        Shapes.run(random, rows, (f, c) -> Diagonal.right(y, x, d, factor, columns, keep, f, c));
        Shapes.run(random, columns, (f, c) -> Diagonal.grad(dd, dy, x, scale, factor, rows, columns, keep, f, c));
        Shapes.run(
                random, columns, (f, c) -> DiagonalBodies.grad(body, dy, x, scale, factor, rows, columns, keep, f, c));
        assertThat(Shapes.difference(y, expected)).isLessThan(1e-6);
        assertThat(Shapes.difference(dd, gradient)).isLessThan(1e-4);
        assertThat(Shapes.difference(body, gradient)).isLessThan(1e-4);
    }
}
