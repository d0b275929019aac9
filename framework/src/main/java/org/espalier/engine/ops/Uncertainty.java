package org.espalier.engine.ops;

import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Surprise;
import org.espalier.kernels.Vocabulary;
import org.espalier.launch.Launch;
import org.espalier.launch.SurpriseBodies;
import org.espalier.launch.VocabularyBodies;

/**
 * What a network makes of each token, in nats.
 *
 * @param losses the cross-entropy of the token that follows
 * @param entropies how undecided the network is about it
 */
public record Uncertainty(float[] losses, float[] entropies) {
    /** Logits held at once. */
    private static final int LOGITS = 1 << 22;

    private static final long SLICE = 50_000_000;

    /** Exponentials of a slice. */
    private static final long EXPONENTIALS = 100_000;

    /**
     * Launches that measure it, chunk by chunk of the tokens. There is no gradient.
     *
     * @param hidden (n, width)
     * @param head (classes, width)
     * @param labels n class numbers
     */
    public static Uncertainty of(Graph g, Tensor hidden, Parameter head, int[] labels) {
        Tensor x = Layouts.rows(g, hidden);
        int n = x.batch(), classes = head.rows(), width = head.columns();
        if (labels.length != n) throw new IllegalArgumentException(n + " tokens, but " + labels.length + " labels");
        int chunk = Math.clamp(LOGITS / classes, 1, n);
        float[] logits = g.scratch(Math.multiplyExact(chunk, classes)), table = head.value();
        Uncertainty found = new Uncertainty(new float[n], new float[n]);
        for (int at = 0; at < n; at += chunk) {
            int from = at, tokens = Math.min(chunk, n - at);
            g.launch(Launch.of(
                            head.name() + ".logits",
                            classes,
                            Vocabulary::logits,
                            logits,
                            x.value(),
                            table,
                            from,
                            tokens,
                            classes,
                            width)
                    .withHost((f, c) ->
                            VocabularyBodies.logits(logits, x.value(), table, from, tokens, classes, width, f, c))
                    .inSlicesOf((int) Math.max(128, SLICE / (2L * tokens * width))));
            g.launch(Launch.of(
                            "uncertainty",
                            tokens,
                            Surprise::measure,
                            found.losses,
                            found.entropies,
                            logits,
                            labels,
                            from,
                            classes)
                    .withHost((f, c) ->
                            SurpriseBodies.measure(found.losses, found.entropies, logits, labels, from, classes, f, c))
                    .costing(classes, EXPONENTIALS));
        }
        return found;
    }
}
