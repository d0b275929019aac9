package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.espalier.launch.MaskedBodies;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class MaskedTest {
    @RepeatedTest(20)
    void changesWhatIsNotZero(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random) * Shapes.size(random);
        float[] w = Shapes.floats(random, n), mask = Shapes.mask(random, n, 0.5), change = Shapes.floats(random, n);
        for (int i = 0; i < n; i++) w[i] *= mask[i];
        float scale = 1.5f;
        float[] merged = change.clone(),
                gated = change.clone(),
                fastMerged = change.clone(),
                fastGated = change.clone();
        Shapes.run(random, n, (f, c) -> Masked.merge(merged, w, scale, f, c));
        Shapes.run(random, n, (f, c) -> Masked.gate(gated, w, scale, f, c));
        Shapes.run(random, n, (f, c) -> MaskedBodies.merge(fastMerged, w, scale, f, c));
        Shapes.run(random, n, (f, c) -> MaskedBodies.gate(fastGated, w, scale, f, c));
        for (int i = 0; i < n; i++) {
            assertThat(merged[i]).isEqualTo(w[i] == 0 ? 0f : w[i] + scale * change[i]);
            assertThat(gated[i]).isEqualTo(w[i] == 0 ? 0f : scale * change[i]);
        }
        assertThat(fastMerged).isEqualTo(merged);
        assertThat(fastGated).isEqualTo(gated);
    }

    @RepeatedTest(20)
    void rescalesByRowsAndColumnsWithTheGradientsOfIt(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int group = 1 + random.nextInt(4),
                groups = 1 + random.nextInt(5),
                in = Shapes.size(random),
                out = group * groups;
        float[] w = Shapes.floats(random, out * in), a = Shapes.floats(random, groups * in);
        float[] c = Shapes.floats(random, out), g = Shapes.floats(random, out * in), m = new float[out * in];
        float[] dc = new float[out], da = new float[groups * in];
        float scale = 0.5f;
        Shapes.run(random, out, (f, n) -> Rescale.forward(m, w, a, c, in, group, scale, f, n));
        Shapes.run(random, out, (f, n) -> Rescale.rowGrad(dc, g, w, a, in, group, scale, f, n));
        Shapes.run(random, groups, (f, n) -> Rescale.columnGrad(da, g, w, c, in, group, scale, f, n));
        double[] rows = new double[out], columns = new double[groups * in], scaled = new double[out * in];
        for (int o = 0; o < out; o++)
            for (int i = 0; i < in; i++) {
                int e = o * in + i, q = o / group * in + i;
                scaled[e] = w[e] * (1 + scale * (double) a[q] * c[o]);
                rows[o] += scale * (double) g[e] * w[e] * a[q];
                columns[q] += scale * (double) g[e] * w[e] * c[o];
            }
        assertThat(Shapes.difference(m, scaled)).isLessThan(1e-5);
        assertThat(Shapes.difference(dc, rows)).isLessThan(1e-4);
        assertThat(Shapes.difference(da, columns)).isLessThan(1e-4);
    }

    @RepeatedTest(20)
    void copiesBlocksBothWays(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int rows = Shapes.size(random),
                columns = Shapes.size(random),
                row = random.nextInt(3),
                column = random.nextInt(3);
        int stride = column + columns + random.nextInt(3);
        float[] matrix = Shapes.floats(random, (row + rows) * stride), before = matrix.clone();
        float[] block = Shapes.floats(random, rows * columns), back = new float[rows * columns];
        Shapes.run(random, rows, (f, c) -> Submatrix.put(matrix, block, row, column, columns, stride, f, c));
        Shapes.run(random, rows, (f, c) -> Submatrix.take(back, matrix, row, column, columns, stride, f, c));
        assertThat(back).isEqualTo(block);
        for (int r = 0; r < row + rows; r++)
            for (int c = 0; c < stride; c++)
                if (r < row || c < column || c >= column + columns)
                    assertThat(matrix[r * stride + c]).isEqualTo(before[r * stride + c]);
    }
}
