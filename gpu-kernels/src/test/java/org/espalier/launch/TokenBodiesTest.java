package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.random.RandomGenerator;
import org.espalier.kernels.Attend;
import org.espalier.kernels.Gated;
import org.espalier.kernels.Gelu;
import org.espalier.kernels.LayerNorm;
import org.espalier.kernels.Lookup;
import org.espalier.kernels.RmsNorm;
import org.espalier.kernels.Rotate;
import org.espalier.kernels.Shapes;
import org.espalier.kernels.Vocabulary;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The host bodies of the kernels for language models against the kernels, at random shapes and in random slices. */
class TokenBodiesTest {
    @RepeatedTest(20)
    void gatesAgree(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random) * 3, keep = random.nextInt(2), other = random.nextInt(2);
        float s = 1 + random.nextInt(2) * 0.6f, c = random.nextInt(2) * 0.05f;
        float[] gate = Shapes.floats(random, n), up = Shapes.floats(random, n), dy = Shapes.floats(random, n);
        float[] y = new float[n], z = new float[n], a = Shapes.floats(random, n), b = a.clone(), p = a.clone();
        float[] q = a.clone();
        Gated.forward(y, gate, up, s, c, 0, n);
        Shapes.run(random, n, (f, k) -> GatedBodies.forward(z, gate, up, s, c, f, k));
        close(z, y, 1e-6);
        Gated.grad(a, b, dy, gate, up, s, c, keep, other, 0, n);
        Shapes.run(random, n, (f, k) -> GatedBodies.grad(p, q, dy, gate, up, s, c, keep, other, f, k));
        close(p, a, 2e-6);
        close(q, b, 1e-6);
        Gated.alone(y, gate, s, c, 0, n);
        Shapes.run(random, n, (f, k) -> GatedBodies.alone(z, gate, s, c, f, k));
        close(z, y, 1e-6);
        Gated.aloneGrad(a, dy, gate, s, c, keep, 0, n);
        Shapes.run(random, n, (f, k) -> GatedBodies.aloneGrad(p, dy, gate, s, c, keep, f, k));
        close(p, a, 3e-6);
        Gelu.forward(y, gate, 0, n);
        Shapes.run(random, n, (f, k) -> GeluBodies.forward(z, gate, f, k));
        close(z, y, 1e-6);
        Gelu.grad(a, dy, gate, keep, 0, n);
        Shapes.run(random, n, (f, k) -> GeluBodies.grad(p, dy, gate, keep, f, k));
        close(p, a, 4e-6);
    }

    @RepeatedTest(20)
    void normsAgree(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int rows = Shapes.size(random), width = Shapes.size(random), part = 1 + random.nextInt(9);
        int keep = random.nextInt(2), parts = (rows + part - 1) / part, n = rows * width;
        float[] x = Shapes.floats(random, n), scale = Shapes.floats(random, width), dy = Shapes.floats(random, n);
        float[] shift = Shapes.floats(random, width), before = Shapes.floats(random, n);
        float[][] kernel = {new float[n], new float[2 * rows], before.clone(), new float[parts * width]};
        float[][] body = {new float[n], new float[2 * rows], before.clone(), new float[parts * width]};
        RmsNorm.forward(kernel[0], kernel[1], x, scale, width, 0.01f, 1f, 0, rows);
        Shapes.run(random, rows, (f, c) -> RmsNormBodies.forward(body[0], body[1], x, scale, width, 0.01f, 1f, f, c));
        RmsNorm.grad(kernel[2], kernel[3], dy, x, kernel[1], scale, width, rows, part, 1f, keep, 0, parts);
        Shapes.run(
                random,
                parts,
                (f, c) -> RmsNormBodies.grad(
                        body[2], body[3], dy, x, kernel[1], scale, width, rows, part, 1f, keep, f, c));
        for (int i = 0; i < 4; i++) close(body[i], kernel[i], 2e-5);
        float[] shifts = new float[parts * width], bodyShifts = shifts.clone();
        LayerNorm.forward(kernel[0], kernel[1], x, scale, shift, width, 0.01f, 0, rows);
        Shapes.run(
                random, rows, (f, c) -> LayerNormBodies.forward(body[0], body[1], x, scale, shift, width, 0.01f, f, c));
        LayerNorm.grad(kernel[2], kernel[3], shifts, dy, x, kernel[1], scale, width, rows, part, 0, 0, parts);
        Shapes.run(
                random,
                parts,
                (f, c) -> LayerNormBodies.grad(
                        body[2], body[3], bodyShifts, dy, x, kernel[1], scale, width, rows, part, 0, f, c));
        for (int i = 0; i < 4; i++) close(body[i], kernel[i], 5e-5);
        close(bodyShifts, shifts, 1e-6);
    }

    @RepeatedTest(20)
    void lookupsAndRotationsHaveTheKernelsNumbers(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random), rows = Shapes.size(random), width = Shapes.size(random), keep = random.nextInt(2);
        float[] table = Shapes.floats(random, rows * width), ids = new float[n], dy = Shapes.floats(random, n * width);
        for (int i = 0; i < n; i++) ids[i] = random.nextInt(rows);
        float[] y = new float[n * width], z = new float[n * width], d = table.clone(), e = table.clone();
        Lookup.forward(y, ids, table, width, 3f, 0, n);
        Shapes.run(random, n, (f, c) -> LookupBodies.forward(z, ids, table, width, 3f, f, c));
        equal(z, y);
        Lookup.grad(d, dy, ids, n, rows, width, 3f, keep, 0, width);
        Shapes.run(random, width, (f, c) -> LookupBodies.grad(e, dy, ids, n, rows, width, 3f, keep, f, c));
        equal(e, d);
        int heads = 1 + random.nextInt(3), half = random.nextBoolean() ? 32 : Shapes.size(random);
        int dim = 2 * half + random.nextInt(3), length = 1 + random.nextInt(n), size = n * heads * dim;
        int[] start = {random.nextInt(3)};
        float[] cosines = Shapes.floats(random, (length + 3) * half), sines = Shapes.floats(random, cosines.length);
        float[] x = Shapes.floats(random, size), a = Shapes.floats(random, size), b = a.clone();
        Rotate.turn(a, x, cosines, sines, start, heads, dim, 2 * half, length, -1f, keep, 0, n);
        Shapes.run(
                random,
                n,
                (f, c) ->
                        RotateBodies.turn(b, x, cosines, sines, start, heads, dim, 2 * half, length, -1f, keep, f, c));
        equal(b, a); // but for the sign of zeros
    }

    @Test
    void refusesTokensThatTheTableDoesNotHave() {
        for (float id : new float[] {-1, 3, 0.5f, Float.NaN})
            assertThatThrownBy(() -> LookupBodies.forward(new float[2], new float[] {id}, new float[6], 2, 1f, 0, 1))
                    .hasMessageContaining("none of the 3 rows");
    }

    @RepeatedTest(30)
    void attentionAgrees(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int keyHeads = 1 + random.nextInt(3), heads = keyHeads * (1 + random.nextInt(3)), dim = Shapes.size(random);
        int length = random.nextBoolean() ? Shapes.size(random) : 60 + Shapes.size(random);
        boolean causal = random.nextBoolean();
        int window = causal && random.nextBoolean() ? 1 + random.nextInt(80) : 0, sequences = 1 + random.nextInt(2);
        Heads s = new Heads(heads, keyHeads, dim, length, causal, window, 0.2f);
        int tokens = sequences * length, n = tokens * heads * dim, m = tokens * keyHeads * dim;
        float[] q = Shapes.floats(random, n), k = Shapes.floats(random, m), v = Shapes.floats(random, m);
        float[] dout = Shapes.floats(random, n);
        float[] out = new float[n], logs = new float[tokens * heads], out2 = new float[n], logs2 = logs.clone();
        Attend.forward(
                out, logs, q, k, v, heads, keyHeads, dim, length, causal ? 1 : 0, window, 0.2f, 0, sequences * heads);
        Shapes.run(random, sequences * heads, (f, c) -> AttendBodies.forward(out2, logs2, q, k, v, s, f, c));
        close(out2, out, 1e-5);
        close(logs2, logs, 1e-5);
        int[] keep = {random.nextInt(2), random.nextInt(2), random.nextInt(2)};
        int[] shape = {heads, keyHeads, dim, length, causal ? 1 : 0, window};
        float[][] kernel = {Shapes.floats(random, n), Shapes.floats(random, m), Shapes.floats(random, m)};
        float[][] body = {kernel[0].clone(), kernel[1].clone(), kernel[2].clone()};
        Attend.grad(
                kernel[0], kernel[1], kernel[2], dout, out, logs, q, k, v, shape, keep, 0.2f, 0, sequences * keyHeads);
        Shapes.run(
                random,
                sequences * keyHeads,
                (f, c) -> AttendBodies.grad(body[0], body[1], body[2], dout, out, logs, q, k, v, s, keep, f, c));
        for (int i = 0; i < 3; i++) close(body[i], kernel[i], 1e-4);
        if (!causal) return;
        int[] position = {random.nextInt(length)};
        float[] keys = Shapes.floats(random, m), values = Shapes.floats(random, m), keys2 = keys.clone();
        float[] values2 = values.clone(), one = new float[sequences * heads * dim], two = one.clone();
        Attend.cached(
                one,
                keys,
                values,
                q,
                k,
                v,
                position,
                heads,
                keyHeads,
                dim,
                length,
                window,
                0.2f,
                0,
                sequences * keyHeads);
        Shapes.run(
                random,
                sequences * keyHeads,
                (f, c) -> AttendBodies.cached(two, keys2, values2, q, k, v, position, s, f, c));
        close(two, one, 1e-5);
        assertThat(keys2).isEqualTo(keys);
        assertThat(values2).isEqualTo(values);
    }

    @Test
    void refusesHeadsThatCannotBe() {
        assertThatThrownBy(() -> new Heads(6, 4, 8, 16, true, 0, 1f)).hasMessageContaining("cannot share 4 key heads");
        assertThatThrownBy(() -> new Heads(4, 4, 8, 16, false, 3, 1f)).hasMessageContaining("needs causal");
        assertThatThrownBy(() -> new Heads(4, 4, 8, 16, true, 0, 0f)).hasMessageContaining("scale");
    }

    @RepeatedTest(20)
    void vocabularyAgrees(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random), classes = Shapes.size(random) * 2, width = Shapes.size(random);
        int tile = 1 + random.nextInt(classes), tiles = (classes + tile - 1) / tile, from = random.nextInt(n);
        int tokens = n - from, keep = random.nextInt(2);
        float[] hidden = Shapes.floats(random, n * width), head = Shapes.floats(random, classes * width);
        float[] weights = Shapes.mask(random, n, 0.8);
        int[] labels = Shapes.below(random, n, classes);
        float[] parts = new float[4 * tiles * n], parts2 = parts.clone();
        Vocabulary.scan(parts, hidden, head, labels, n, classes, width, tile, 0, tiles);
        Shapes.run(
                random,
                tiles,
                (f, c) -> VocabularyBodies.scan(parts2, hidden, head, labels, n, classes, width, tile, f, c));
        close(parts2, parts, 1e-4);
        float[] z = new float[tokens * classes], z2 = z.clone();
        Vocabulary.logits(z, hidden, head, from, tokens, classes, width, 0, classes);
        Shapes.run(
                random,
                classes,
                (f, c) -> VocabularyBodies.logits(z2, hidden, head, from, tokens, classes, width, f, c));
        close(z2, z, 1e-5);
        System.arraycopy(z, 0, z2, 0, z.length);
        float[] lost = new float[n], lost2 = new float[n], right = new float[n], right2 = new float[n];
        Vocabulary.slope(z, lost, right, labels, weights, from, classes, 0, tokens);
        Shapes.run(
                random,
                tokens,
                (f, c) -> VocabularyBodies.slope(z2, lost2, right2, labels, weights, from, classes, f, c));
        close(z2, z, 2e-6);
        close(lost2, lost, 1e-5);
        assertThat(right2).isEqualTo(right);
        float[] dhidden = Shapes.floats(random, n * width), dhidden2 = dhidden.clone();
        float[] dhead = Shapes.floats(random, classes * width), dhead2 = dhead.clone();
        Vocabulary.hiddenGrad(dhidden, z, head, from, classes, width, keep, 0, tokens);
        Shapes.run(
                random,
                tokens,
                (f, c) -> VocabularyBodies.hiddenGrad(dhidden2, z, head, from, classes, width, keep, f, c));
        close(dhidden2, dhidden, 1e-5);
        Vocabulary.headGrad(dhead, z, hidden, from, tokens, classes, width, keep, 0, classes);
        Shapes.run(
                random,
                classes,
                (f, c) -> VocabularyBodies.headGrad(dhead2, z, hidden, from, tokens, classes, width, keep, f, c));
        close(dhead2, dhead, 1e-5);
    }

    private static void equal(float[] actual, float[] expected) {
        double[] wide = new double[expected.length];
        for (int i = 0; i < wide.length; i++) wide[i] = expected[i];
        assertThat(Shapes.difference(actual, wide)).isZero();
    }

    private static void close(float[] actual, float[] expected, double tolerance) {
        double[] wide = new double[expected.length];
        for (int i = 0; i < wide.length; i++) wide[i] = expected[i];
        assertThat(Shapes.difference(actual, wide)).isLessThan(tolerance);
    }
}
