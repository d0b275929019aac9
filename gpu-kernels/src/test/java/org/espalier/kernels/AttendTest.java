package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Attention against its definition in doubles, with the gradient of a softmax written out. */
class AttendTest {
    private static final float SCALE = 0.4f;

    @RepeatedTest(25)
    void attendsAndItsGradientFollowTheDefinition(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int keyHeads = 1 + random.nextInt(3), heads = keyHeads * (1 + random.nextInt(3)), dim = 1 + random.nextInt(7);
        int length = 1 + random.nextInt(12), sequences = 1 + random.nextInt(3), causal = random.nextInt(2);
        int window = causal == 1 && random.nextBoolean() ? 1 + random.nextInt(5) : 0;
        int[] keep = {random.nextInt(2), random.nextInt(2), random.nextInt(2)};
        int tokens = sequences * length, n = tokens * heads * dim, m = tokens * keyHeads * dim;
        float[] q = Shapes.floats(random, n), k = Shapes.floats(random, m), v = Shapes.floats(random, m);
        float[] out = new float[n], dout = Shapes.floats(random, n), logs = new float[tokens * heads];
        float[] dq = Shapes.floats(random, n), dk = Shapes.floats(random, m), dv = Shapes.floats(random, m);
        double[] wanted = new double[n], wantedQ = new double[n], wantedK = new double[m], wantedV = new double[m];
        for (int i = 0; i < n; i++) wantedQ[i] = keep[0] * dq[i];
        for (int i = 0; i < m; i++) wantedK[i] = keep[1] * dk[i];
        for (int i = 0; i < m; i++) wantedV[i] = keep[2] * dv[i];
        for (int t = 0; t < tokens; t++) {
            for (int h = 0; h < heads; h++) {
                int at = (t * heads + h) * dim, sequence = t / length, i = t % length;
                double[] p = new double[length], slope = new double[length];
                double sum = 0, mean = 0;
                for (int j = 0; j < length; j++) {
                    if (causal == 1 && (j > i || window > 0 && j <= i - window)) continue;
                    double dot = 0;
                    for (int d = 0; d < dim; d++)
                        dot += (double) q[at + d] * k[key(sequence, j, h, d, heads, keyHeads, dim, length)];
                    sum += p[j] = Math.exp(SCALE * dot);
                }
                for (int j = 0; j < length; j++) {
                    p[j] /= sum;
                    for (int d = 0; d < dim; d++) {
                        int from = key(sequence, j, h, d, heads, keyHeads, dim, length);
                        wanted[at + d] += p[j] * v[from];
                        wantedV[from] += p[j] * dout[at + d];
                        slope[j] += (double) dout[at + d] * v[from];
                    }
                    mean += p[j] * slope[j];
                }
                for (int j = 0; j < length; j++) {
                    double s = SCALE * p[j] * (slope[j] - mean);
                    for (int d = 0; d < dim; d++) {
                        int from = key(sequence, j, h, d, heads, keyHeads, dim, length);
                        wantedQ[at + d] += s * k[from];
                        wantedK[from] += s * q[at + d];
                    }
                }
            }
        }
        Shapes.run(
                random,
                sequences * heads,
                (f, c) ->
                        Attend.forward(out, logs, q, k, v, heads, keyHeads, dim, length, causal, window, SCALE, f, c));
        int[] shape = {heads, keyHeads, dim, length, causal, window};
        Shapes.run(
                random,
                sequences * keyHeads,
                (f, c) -> Attend.grad(dq, dk, dv, dout, out, logs, q, k, v, shape, keep, SCALE, f, c));
        assertThat(Shapes.difference(out, wanted)).isLessThan(2e-6);
        assertThat(Shapes.difference(dq, wantedQ)).isLessThan(1e-5);
        assertThat(Shapes.difference(dk, wantedK)).isLessThan(1e-5);
        assertThat(Shapes.difference(dv, wantedV)).isLessThan(1e-5);
    }

    private static int key(int sequence, int j, int head, int d, int heads, int keyHeads, int dim, int length) {
        return ((sequence * length + j) * keyHeads + head / (heads / keyHeads)) * dim + d;
    }

    /** Decoding token by token gives what whole sequences give. */
    @RepeatedTest(15)
    void cachedTokensSeeWhatWholeSequencesShow(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int keyHeads = 1 + random.nextInt(3), heads = keyHeads * (1 + random.nextInt(3)), dim = 1 + random.nextInt(7);
        int length = 1 + random.nextInt(9), room = length + random.nextInt(3), sequences = 1 + random.nextInt(3);
        int window = random.nextBoolean() ? 1 + random.nextInt(5) : 0, tokens = sequences * length;
        int width = heads * dim, keyWidth = keyHeads * dim;
        float[] q = Shapes.floats(random, tokens * width), k = Shapes.floats(random, tokens * keyWidth);
        float[] v = Shapes.floats(random, tokens * keyWidth), whole = new float[q.length];
        Attend.forward(
                whole,
                new float[tokens * heads],
                q,
                k,
                v,
                heads,
                keyHeads,
                dim,
                length,
                1,
                window,
                SCALE,
                0,
                sequences * heads);
        float[] keys = new float[sequences * room * keyWidth], values = keys.clone();
        for (int i = 0; i < length; i++) {
            int[] position = {i};
            float[] out = new float[sequences * width];
            float[] q1 = step(q, i, length, width), k1 = step(k, i, length, keyWidth);
            float[] v1 = step(v, i, length, keyWidth);
            Shapes.run(
                    random,
                    sequences * keyHeads,
                    (f, c) -> Attend.cached(
                            out, keys, values, q1, k1, v1, position, heads, keyHeads, dim, room, window, SCALE, f, c));
            assertThat(out).isEqualTo(step(whole, i, length, width));
        }
    }

    private static float[] step(float[] x, int i, int length, int width) {
        float[] rows = new float[x.length / length];
        for (int s = 0; s < rows.length / width; s++)
            System.arraycopy(x, (s * length + i) * width, rows, s * width, width);
        return rows;
    }
}
