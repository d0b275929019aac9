package org.espalier.engine.ops;

import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.kernels.CrossEntropy;
import org.espalier.launch.CrossEntropyBodies;
import org.espalier.launch.Launch;

/** What training minimises. */
public final class Losses {
    /**
     * A loss as the host reads it.
     *
     * @param total one element: the sum of weight · loss over the batch
     * @param losses weight · loss of each example
     * @param correct 1 where the label has the largest logit, else 0
     */
    public record Loss(float[] total, float[] losses, float[] correct) {}

    private Losses() {}

    /**
     * Softmax cross-entropy of tokens over a large vocabulary, whose logits are never all held at once. In a graph for training
     * the gradients of {@code hidden} and {@code head} are computed in the same pass.
     *
     * @param hidden (n, width)
     * @param head (classes, width): logits are hidden · headᵀ; may be the table that tokens were looked up in
     * @param labels n class numbers; those of tokens with weight 0 have to exist too
     * @param weights n factors; a mean over the tokens has weights 1/n
     */
    public static Loss tokenCrossEntropy(Graph g, Tensor hidden, Parameter head, int[] labels, float[] weights) {
        Tensor x = Layouts.rows(g, hidden);
        if (x.features() != head.columns())
            throw new IllegalArgumentException(head + " takes " + head.columns() + " features, " + x + " has others");
        check(x.batch(), labels, weights);
        head.columnSpan().join(x.span());
        head.rowSpan().axis().pin();
        g.observed(head, x, 1);
        if (!g.training() || !x.differentiable() && !head.trainable())
            return TiledLoss.settle(g, TiledLoss.scan(g, x, head.value(), head.rows(), labels), labels, weights);
        Loss loss = new Loss(new float[1], new float[x.batch()], new float[x.batch()]);
        new TokenLoss(g, x, head, labels, weights, loss).launch();
        g.launch(Launch.of("loss", 1, CrossEntropy::total, loss.total(), loss.losses(), x.batch()));
        return loss;
    }

    private static void check(int n, int[] labels, float[] weights) {
        if (labels.length != n || weights.length != n)
            throw new IllegalArgumentException(
                    n + " examples, but " + labels.length + " labels and " + weights.length + " weights");
    }

    /**
     * Softmax cross-entropy.
     *
     * @param logits (n, classes)
     * @param labels n class numbers
     * @param weights n factors; a mean over the batch has weights 1/n, a padded example 0
     */
    public static Loss crossEntropy(Graph g, Tensor logits, int[] labels, float[] weights) {
        int n = logits.batch(), classes = logits.features();
        check(n, labels, weights);
        logits.span().axis().pin();
        float[] probabilities = g.scratch(logits.size());
        Loss loss = new Loss(new float[1], new float[n], new float[n]);
        int perClass = logits.featureStride(), perExample = logits.exampleStride();
        g.launch(Launch.of(
                        "cross-entropy",
                        n,
                        CrossEntropy::forward,
                        loss.losses(),
                        loss.correct(),
                        probabilities,
                        logits.value(),
                        labels,
                        weights,
                        classes,
                        perClass,
                        perExample)
                .withHost((f, c) -> CrossEntropyBodies.forward(
                        loss.losses(),
                        loss.correct(),
                        probabilities,
                        logits.value(),
                        labels,
                        weights,
                        classes,
                        perClass,
                        perExample,
                        f,
                        c))
                .costing(classes, 20_000));
        g.launch(Launch.of("loss", 1, CrossEntropy::total, loss.total(), loss.losses(), n));
        g.backward(
                logits,
                () -> g.launch(Launch.of(
                                "cross-entropy.grad",
                                n,
                                CrossEntropy::grad,
                                logits.grad(),
                                probabilities,
                                labels,
                                weights,
                                classes,
                                perClass,
                                perExample,
                                g.keep(logits))
                        .costing(classes, 50_000)));
        return loss;
    }
}
