package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class LookupTest {
    @RepeatedTest(15)
    void takesRowsAndGivesTheirGradientsBack(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random), rows = Shapes.size(random), width = Shapes.size(random), keep = random.nextInt(2);
        float[] table = Shapes.floats(random, rows * width), dy = Shapes.floats(random, n * width);
        float[] ids = new float[n], y = new float[n * width], dtable = Shapes.floats(random, rows * width);
        for (int i = 0; i < n; i++) ids[i] = random.nextInt(rows);
        double[] wanted = new double[n * width], wantedTable = new double[rows * width];
        for (int i = 0; i < dtable.length; i++) wantedTable[i] = keep * dtable[i];
        for (int i = 0; i < n * width; i++) {
            int at = (int) ids[i / width] * width + i % width;
            wanted[i] = 3 * table[at];
            wantedTable[at] += 3 * dy[i];
        }
        Shapes.run(random, n, (f, c) -> Lookup.forward(y, ids, table, width, 3f, f, c));
        Shapes.run(random, width, (f, c) -> Lookup.grad(dtable, dy, ids, n, rows, width, 3f, keep, f, c));
        assertThat(Shapes.difference(y, wanted)).isLessThan(1e-6);
        assertThat(Shapes.difference(dtable, wantedTable)).isLessThan(1e-4);
    }
}
