package org.espalier.data.source;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.espalier.data.Dataset;
import org.espalier.data.OneHotExamples;
import org.espalier.data.Part;
import org.espalier.data.Source;
import org.espalier.engine.Rng;
import org.espalier.spec.Default;

/**
 * (a + b) mod p for all pairs a ≤ b of 0..p-1: two tokens, one-hot, side by side. A pair and its mirror image are one
 * example, so neither gives the other away. Minegishi et al., Grokking Tickets (2023): p = 67, the first 40 % of the
 * shuffled pairs are trained on.
 *
 * @param modulus p, also the number of classes
 * @param share share of the pairs to train on, rounded down
 * @param part train or test
 * @param seed of the shuffle
 */
public record ModularAddition(
        @Default("67") int modulus,
        @Default("0.4") double share,
        @Default("train") Part part,
        @Default("0") long seed) implements Source {
    public ModularAddition {
        if (modulus < 2 || modulus > 10_000) {
            throw new IllegalArgumentException("modulus must be between 2 and 10000, not " + modulus);
        }
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("share must lie between 0 and 1, not " + share);
        }
        if (part == Part.HOLDOUT) {
            throw new IllegalArgumentException("part must be train or test; modular addition has no holdout");
        }
    }

    @Override
    public Dataset.Shape form() {
        return new Dataset.Shape(List.of(2 * modulus), modulus);
    }

    @Override
    public int examples() {
        int pairs = modulus * (modulus + 1) / 2;
        int trained = (int) (share * pairs);
        return part == Part.TRAIN ? trained : pairs - trained;
    }

    @Override
    public Dataset open(Path datasets) {
        int pairs = modulus * (modulus + 1) / 2;
        int[] order = Rng.permutation(Rng.of(seed, "modular-addition", 0), pairs);
        int trained = (int) (share * pairs);
        int[] chosen =
                part == Part.TRAIN ? Arrays.copyOfRange(order, 0, trained) : Arrays.copyOfRange(order, trained, pairs);
        return examples(chosen);
    }

    private Dataset examples(int[] chosen) {
        int[][] pairs = pairs();
        int[] tokens = new int[2 * chosen.length];
        int[] labels = new int[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            int[] pair = pairs[chosen[i]];
            tokens[2 * i] = pair[0];
            tokens[2 * i + 1] = pair[1];
            labels[i] = (pair[0] + pair[1]) % modulus;
        }
        String name = "modular-addition/" + part.name().toLowerCase(Locale.ROOT);
        return new OneHotExamples(name, modulus, modulus, 2, tokens, labels);
    }

    private int[][] pairs() {
        int[][] pairs = new int[modulus * (modulus + 1) / 2][];
        int next = 0;
        for (int a = 0; a < modulus; a++) {
            for (int b = a; b < modulus; b++) {
                pairs[next++] = new int[] {a, b};
            }
        }
        return pairs;
    }
}
