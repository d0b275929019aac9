package org.espalier.experiment;

import java.util.HashSet;
import java.util.Set;
import org.espalier.data.Dataset;

/**
 * How much of one text stands in another, word for word: the share of its stretches of 13 tokens that the other has too. What a
 * method has seen while it was calibrated must not be what it is judged by.
 */
final class Overlap {
    /** The usual length: shorter stretches are common phrases. */
    static final int TOKENS = 13;

    private Overlap() {}

    /**
     * @param seen windows of tokens
     * @param judged windows of tokens
     * @return a share, 0 to 1; NaN where windows are shorter than a stretch
     */
    static double of(Dataset seen, Dataset judged) {
        Set<Long> known = new HashSet<>();
        each(seen, known::add);
        long[] counts = new long[2];
        each(judged, stretch -> {
            counts[0]++;
            if (known.contains(stretch)) counts[1]++;
        });
        return counts[1] / (double) counts[0];
    }

    private interface Taker {
        void take(long stretch);
    }

    /** Stretches as hashes of 64 bits, of which two different ones hardly ever agree. */
    private static void each(Dataset windows, Taker taker) {
        float[] tokens = new float[windows.features()];
        for (int w = 0; w < windows.size(); w++) {
            windows.copy(w, tokens, 0);
            for (int first = 0; first + TOKENS <= tokens.length; first++) {
                long hash = 0xcbf29ce484222325L;
                for (int i = first; i < first + TOKENS; i++) hash = mixed(hash ^ (long) tokens[i]);
                taker.take(hash);
            }
        }
    }

    private static long mixed(long z) {
        long y = (z ^ (z >>> 31)) * 0x9e3779b97f4a7c15L;
        return y ^ (y >>> 29);
    }
}
