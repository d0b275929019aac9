package org.espalier.engine.ops;

import org.espalier.engine.Graph;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Rotate;
import org.espalier.launch.Launch;
import org.espalier.launch.RotateBodies;

/**
 * Rotary position embedding (Su et al. 2021) as transformers computes it: within a head, feature j turns together with feature
 * j + rotated/2, by the token's position times a frequency.
 *
 * @param dim features of a head
 * @param rotated how many of them, from the first on, are turned; even
 * @param theta the base of the frequencies, theta^(−2j / rotated)
 */
public record Rotary(int dim, int rotated, double theta, RotaryScaling scaling) {
    private static final long SLICE = 50_000;
    private static final int[] BEGINNING = {0};

    /** Cosines and sines (positions, rotated/2), times the scaling's factor. */
    private record Angles(float[] cosines, float[] sines) {}

    /** What a graph's tables are kept under. */
    private record Key(Rotary rotary, int positions, boolean oneByOne) {}

    public Rotary {
        if (dim < 2 || rotated < 2 || rotated > dim || rotated % 2 != 0)
            throw new IllegalArgumentException(
                    "an even number of a head's " + dim + " features can be rotated, not " + rotated);
        if (!(theta > 0)) throw new IllegalArgumentException("theta must be positive, got " + theta);
    }

    /** All features turned at plain frequencies. */
    public static Rotary plain(int dim, double theta) {
        return new Rotary(dim, dim, theta, new RotaryScaling.Unscaled());
    }

    /**
     * x turned by the positions 0 … length − 1 of each sequence.
     *
     * @param x (batch·length, heads·dim)
     */
    public Tensor rotate(Graph g, Tensor x, int heads, int length) {
        return rotate(g, x, heads, length, BEGINNING, new Key(this, length, false));
    }

    /**
     * x turned by one position, for decoding.
     *
     * @param x (batch, heads·dim): one token of each sequence
     * @param position one element, read at every run: below {@code room}
     */
    public Tensor rotateAt(Graph g, Tensor x, int heads, int[] position, int room) {
        return rotate(g, x, heads, 1, position, new Key(this, room, true));
    }

    private Tensor rotate(Graph g, Tensor any, int heads, int length, int[] start, Key key) {
        Tensor x = Layouts.rows(g, any);
        if (x.features() != heads * dim || x.batch() % length != 0)
            throw new IllegalArgumentException(
                    x + " holds no sequences of " + length + " tokens with " + heads + " heads of " + dim);
        Angles angles = g.shared(key, () -> angles(key.positions, key.oneByOne));
        Tensor y = g.like("rotated", x);
        turn(g, y.name(), x, y.value(), x.value(), angles, start, heads, length, 1f, 0);
        g.backward(y, () -> {
            if (x.differentiable())
                turn(g, y.name() + ".grad", x, x.grad(), y.grad(), angles, start, heads, length, -1f, g.keep(x));
        });
        return y;
    }

    private void turn(
            Graph g,
            String name,
            Tensor like,
            float[] y,
            float[] x,
            Angles a,
            int[] start,
            int heads,
            int length,
            float sign,
            int keep) {
        g.launch(Launch.of(
                        name,
                        like.size() / (heads * dim),
                        Rotate::turn,
                        y,
                        x,
                        a.cosines,
                        a.sines,
                        start,
                        heads,
                        dim,
                        rotated,
                        length,
                        sign,
                        keep)
                .withHost((f, c) -> RotateBodies.turn(
                        y, x, a.cosines, a.sines, start, heads, dim, rotated, length, sign, keep, f, c))
                .costing((long) heads * dim, SLICE));
    }

    /** @param oneByOne whether a position's frequencies are those of a sequence that ends there, as when decoding */
    private Angles angles(int positions, boolean oneByOne) {
        int half = rotated / 2;
        float[] cosines = new float[positions * half], sines = new float[positions * half];
        double factor = scaling.factor();
        double[] frequencies = scaling.frequencies(rotated, theta, positions);
        for (int p = 0; p < positions; p++) {
            if (oneByOne && scaling.dependsOnLength()) frequencies = scaling.frequencies(rotated, theta, p + 1);
            for (int j = 0; j < half; j++) {
                cosines[p * half + j] = (float) (factor * Math.cos(p * frequencies[j]));
                sines[p * half + j] = (float) (factor * Math.sin(p * frequencies[j]));
            }
        }
        return new Angles(cosines, sines);
    }
}
