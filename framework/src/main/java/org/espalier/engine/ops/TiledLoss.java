package org.espalier.engine.ops;

import org.espalier.engine.Graph;
import org.espalier.engine.Tensor;
import org.espalier.kernels.CrossEntropy;
import org.espalier.kernels.Vocabulary;
import org.espalier.launch.Launch;
import org.espalier.launch.VocabularyBodies;

/**
 * {@link Losses#tokenCrossEntropy} where nobody asks for gradients: the classes are seen tile by tile, and all that is kept of a tile is
 * four numbers per token. So the head may come slice by slice, too, with the bits it has as a whole.
 */
public final class TiledLoss {
    /** Classes whose logits a thread holds at once; a slice of the head has whole tiles of them, but for the last. */
    public static final int TILE = 512;

    private static final int NUMBERS = 4;
    private static final int CLASS = 2;

    /** Operations of a slice of a launch. */
    private static final long SLICE = 50_000_000;

    private TiledLoss() {}

    /** How many numbers are kept of {@code n} tokens. */
    public static int kept(int n, int classes) {
        return Math.multiplyExact(NUMBERS * tiles(classes), n);
    }

    private static int tiles(int classes) {
        return Math.ceilDiv(classes, TILE);
    }

    /**
     * What is kept of some classes.
     *
     * @param x (n, width), in rows
     * @param head (classes, width), or more
     * @param labels n class numbers, counted from the first of these classes: those of others are negative or too large
     * @return (tiles, n, 4)
     */
    public static float[] scan(Graph g, Tensor x, float[] head, int classes, int[] labels) {
        int n = x.batch(), width = x.features();
        float[] parts = g.scratch(kept(n, classes)), hidden = x.value();
        g.launch(Launch.of(
                        "vocabulary.scan",
                        tiles(classes),
                        Vocabulary::scan,
                        parts,
                        hidden,
                        head,
                        labels,
                        n,
                        classes,
                        width,
                        TILE)
                .withHost((f, c) -> VocabularyBodies.scan(parts, hidden, head, labels, n, classes, width, TILE, f, c))
                .costing(2L * TILE * width * n, SLICE));
        return parts;
    }

    /** Puts what is kept of the classes from {@code first} on where it belongs among what is kept of all. */
    public static void put(float[] parts, int n, int first, float[] all) {
        int at = first / TILE * NUMBERS * n;
        System.arraycopy(parts, 0, all, at, parts.length);
        for (int i = CLASS; i < parts.length; i += NUMBERS) all[at + i] += first;
    }

    /**
     * The losses of n tokens.
     *
     * @param parts what is kept of all classes
     * @param labels their numbers
     */
    public static Losses.Loss settle(Graph g, float[] parts, int[] labels, float[] weights) {
        int n = labels.length, tiles = parts.length / NUMBERS / n;
        Losses.Loss loss = new Losses.Loss(new float[1], new float[n], new float[n]);
        g.launch(Launch.of(
                        "token-cross-entropy",
                        n,
                        Vocabulary::settle,
                        loss.losses(),
                        loss.correct(),
                        parts,
                        labels,
                        weights,
                        n,
                        tiles)
                .costing(tiles, 2_000));
        g.launch(Launch.of("loss", 1, CrossEntropy::total, loss.total(), loss.losses(), n));
        return loss;
    }
}
