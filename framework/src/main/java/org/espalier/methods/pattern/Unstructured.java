package org.espalier.methods.pattern;

import java.util.Arrays;
import org.espalier.prune.Pattern;
import org.espalier.spec.Default;

/**
 * Any entry may be zero. Exactly round(density · entries) are kept, those with the highest scores; of equal scores the
 * one with the lower index goes first, as a stable sort would have it.
 *
 * @param within the entries that compete: those of one row (one output) or those of the whole layer
 */
public record Unstructured(@Default("layer") Within within) implements Pattern {
    /** Which entries are compared with each other. */
    public enum Within {
        ROW,
        LAYER
    }

    @Override
    public boolean[] mask(float[] score, int rows, int cols, double density) {
        boolean[] mask = new boolean[score.length];
        if (within == Within.LAYER) keep(score, mask, 0, score.length, density);
        else for (int r = 0; r < rows; r++) keep(score, mask, r * cols, cols, density);
        return mask;
    }

    private static void keep(float[] score, boolean[] mask, int first, int length, double density) {
        int kept = (int) Math.round(density * length);
        if (kept == 0) return;
        float[] sorted = Arrays.copyOfRange(score, first, first + length);
        Arrays.sort(sorted);
        float threshold = sorted[length - kept];
        int above = 0;
        for (int i = first; i < first + length; i++) if (score[i] > threshold) above++;
        int ties = kept - above;
        for (int i = first + length - 1; i >= first; i--) {
            boolean tie = score[i] == threshold && ties > 0;
            if (tie) ties--;
            mask[i] = tie || score[i] > threshold;
        }
    }
}
