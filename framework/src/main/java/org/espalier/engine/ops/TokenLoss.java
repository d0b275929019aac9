package org.espalier.engine.ops;

import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Vocabulary;
import org.espalier.launch.Launch;
import org.espalier.launch.VocabularyBodies;

/** The launches of {@link Losses#tokenCrossEntropy} with its gradients. */
record TokenLoss(Graph g, Tensor x, Parameter head, int[] labels, float[] weights, Losses.Loss loss) {
    /** Logits held for gradients, and the fewest tokens of which they are held: 32 MB, more for very large vocabularies. */
    private static final int LOGITS = 1 << 23;

    private static final int FEWEST_TOKENS = 128;

    /** Operations of a slice. */
    private static final long SLICE = 50_000_000;

    /** Classes, or tokens, that a slice of a product has at least. */
    private static final int FEWEST = 128;

    /** Takes the tokens chunk by chunk, all of whose logits lie in one buffer. */
    void launch() {
        int n = x.batch(), classes = head.rows();
        int chunk = Math.min(n, Math.max(FEWEST_TOKENS, LOGITS / classes));
        float[] buffer = g.scratch(Math.multiplyExact(chunk, classes));
        int keepHidden = x.differentiable() ? g.keep(x) : 0; // chunks write rows of their own, but all add to the head
        for (int from = 0; from < n; from += chunk) chunk(buffer, from, Math.min(chunk, n - from), keepHidden);
    }

    private void chunk(float[] buffer, int from, int tokens, int keepHidden) {
        int classes = head.rows(), width = head.columns();
        float[] table = head.value(), hidden = x.value();
        g.launch(Launch.of(
                        head.name() + ".logits",
                        classes,
                        Vocabulary::logits,
                        buffer,
                        hidden,
                        table,
                        from,
                        tokens,
                        classes,
                        width)
                .withHost((f, c) -> VocabularyBodies.logits(buffer, hidden, table, from, tokens, classes, width, f, c))
                .inSlicesOf(slice(2L * tokens * width)));
        g.launch(Launch.of(
                        "token-cross-entropy",
                        tokens,
                        Vocabulary::slope,
                        buffer,
                        loss.losses(),
                        loss.correct(),
                        labels,
                        weights,
                        from,
                        classes)
                .withHost((f, c) -> VocabularyBodies.slope(
                        buffer, loss.losses(), loss.correct(), labels, weights, from, classes, f, c))
                .costing(classes, 100_000));
        if (x.differentiable()) hiddenGrad(buffer, from, tokens, keepHidden);
        if (head.trainable()) headGrad(buffer, from, tokens);
    }

    private void hiddenGrad(float[] slopes, int from, int tokens, int keep) {
        int classes = head.rows(), width = head.columns();
        float[] table = head.value();
        g.launch(Launch.of(
                        head.name() + ".hidden-grad",
                        tokens,
                        Vocabulary::hiddenGrad,
                        x.grad(),
                        slopes,
                        table,
                        from,
                        classes,
                        width,
                        keep)
                .withHost((f, c) ->
                        VocabularyBodies.hiddenGrad(x.grad(), slopes, table, from, classes, width, keep, f, c))
                .inSlicesOf(Math.max(slice(2L * classes * width), (tokens + 7) / 8)));
    }

    private void headGrad(float[] slopes, int from, int tokens) {
        int classes = head.rows(), width = head.columns(), keep = g.keep(head);
        float[] hidden = x.value();
        g.launch(Launch.of(
                        head.name() + ".grad",
                        classes,
                        Vocabulary::headGrad,
                        head.grad(),
                        slopes,
                        hidden,
                        from,
                        tokens,
                        classes,
                        width,
                        keep)
                .withHost((f, c) -> VocabularyBodies.headGrad(
                        head.grad(), slopes, hidden, from, tokens, classes, width, keep, f, c))
                .inSlicesOf(slice(2L * tokens * width)));
    }

    private static int slice(long perUnit) {
        return (int) Math.max(FEWEST, SLICE / perUnit);
    }
}
