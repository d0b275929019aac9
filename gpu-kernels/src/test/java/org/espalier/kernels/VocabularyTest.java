package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class VocabularyTest {
    /** Tiles and chunks give the losses and gradients of the whole softmax, written out in doubles. */
    @RepeatedTest(20)
    void losesAsTheWholeSoftmax(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int n = Shapes.size(random), classes = Shapes.size(random), width = 1 + random.nextInt(9);
        int tile = 1 + random.nextInt(classes), tiles = (classes + tile - 1) / tile, chunk = 1 + random.nextInt(n);
        float[] hidden = Shapes.floats(random, n * width), head = Shapes.floats(random, classes * width);
        for (int i = 0; i < head.length; i++) head[i] = Math.round(2 * head[i]);
        for (int i = 0; i < hidden.length; i++)
            hidden[i] = Math.round(2 * hidden[i]) / 4f; // so that logits tie exactly
        float[] weights = Shapes.mask(random, n, 0.8);
        int[] labels = Shapes.below(random, n, classes);
        double[] lost = new double[n], best = new double[n];
        double[] wantedHidden = new double[n * width], wantedHead = new double[classes * width];
        for (int t = 0; t < n; t++) {
            double[] z = new double[classes];
            double sum = 0;
            int top = 0;
            for (int c = 0; c < classes; c++) {
                for (int j = 0; j < width; j++) z[c] += (double) hidden[t * width + j] * head[c * width + j];
                if (z[c] > z[top]) top = c;
                sum += Math.exp(z[c]);
            }
            lost[t] = weights[t] * (Math.log(sum) - z[labels[t]]);
            best[t] = top == labels[t] ? 1 : 0;
            for (int c = 0; c < classes; c++) {
                double slope = weights[t] * (Math.exp(z[c]) / sum - (c == labels[t] ? 1 : 0));
                for (int j = 0; j < width; j++) {
                    wantedHidden[t * width + j] += slope * head[c * width + j];
                    wantedHead[c * width + j] += slope * hidden[t * width + j];
                }
            }
        }
        float[] parts = new float[4 * tiles * n], losses = new float[n], correct = new float[n];
        Shapes.run(
                random, tiles, (f, c) -> Vocabulary.scan(parts, hidden, head, labels, n, classes, width, tile, f, c));
        Shapes.run(random, n, (f, c) -> Vocabulary.settle(losses, correct, parts, labels, weights, n, tiles, f, c));
        assertThat(Shapes.difference(losses, lost)).isLessThan(3e-6);
        assertThat(Shapes.difference(correct, best)).isZero();
        float[] buffer = new float[chunk * classes], again = new float[n], right = new float[n];
        float[] dhidden = Shapes.floats(random, n * width), dhead = Shapes.floats(random, classes * width);
        for (int start = 0; start < n; start += chunk) {
            int from = start, tokens = Math.min(chunk, n - from), keep = from > 0 ? 1 : 0;
            Shapes.run(
                    random,
                    classes,
                    (f, c) -> Vocabulary.logits(buffer, hidden, head, from, tokens, classes, width, f, c));
            Shapes.run(
                    random,
                    tokens,
                    (f, c) -> Vocabulary.slope(buffer, again, right, labels, weights, from, classes, f, c));
            Shapes.run(
                    random,
                    tokens,
                    (f, c) -> Vocabulary.hiddenGrad(dhidden, buffer, head, from, classes, width, 0, f, c));
            Shapes.run(
                    random,
                    classes,
                    (f, c) -> Vocabulary.headGrad(dhead, buffer, hidden, from, tokens, classes, width, keep, f, c));
        }
        assertThat(Shapes.difference(again, lost)).isLessThan(3e-6);
        assertThat(Shapes.difference(right, best)).isZero();
        assertThat(Shapes.difference(dhidden, wantedHidden)).isLessThan(1e-5);
        assertThat(Shapes.difference(dhead, wantedHead)).isLessThan(1e-5);
    }
}
