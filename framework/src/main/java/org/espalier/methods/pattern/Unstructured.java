package org.espalier.methods.pattern;

import org.espalier.prune.OrderStatistic;
import org.espalier.prune.Pattern;
import org.espalier.spec.Bare;
import org.espalier.spec.Default;

/**
 * Any entry may be zero. Exactly round(density · entries) are kept, those with the highest scores; of equal scores the
 * one with the lower index goes first, as a stable sort would have it.
 *
 * <p>Groups end at the matrix. To compare weights of the whole network, let the {@code global} allocation say how many of each
 * layer lie above one threshold for all, and keep that many {@code within: layer}: the masks are those of one sort.
 *
 * @param within the entries that compete: those of one row (one output), those of some neighbouring columns in all rows, or those of
 *     the whole layer
 * @param block how many columns compete {@code within: columns}
 * @param count the exact count, or as several repositories have it: all scores go that do not exceed the one at place
 *     int(removed share · entries), which is one more than asked and all of its equals
 */
public record Unstructured(
        @Bare @Default("layer") Within within,
        @Default("128") int block,
        @Default("exact") Count count) implements Pattern {
    /** Which entries are compared with each other. */
    public enum Within {
        ROW,
        COLUMNS,
        LAYER
    }

    /** How many entries go. */
    public enum Count {
        EXACT,
        THRESHOLD
    }

    public Unstructured {
        if (block < 1) throw new IllegalArgumentException("block must be at least 1, got " + block);
    }

    /** With the exact count. */
    public Unstructured(Within within) {
        this(within, 128, Count.EXACT);
    }

    @Override
    public long groups(int rows, int cols) {
        return switch (within) {
            case ROW -> rows;
            case COLUMNS -> (cols + block - 1) / block;
            case LAYER -> 1;
        };
    }

    @Override
    public boolean exact() {
        return count == Count.EXACT;
    }

    @Override
    public boolean[] mask(float[] score, int rows, int cols, double density) {
        boolean[] mask = new boolean[score.length];
        int high = within == Within.ROW ? 1 : rows, wide = within == Within.COLUMNS ? Math.min(block, cols) : cols;
        float[] scratch = new float[high * wide];
        for (int r = 0; r < rows; r += high)
            for (int c = 0; c < cols; c += wide)
                keep(score, mask, r * cols + c, high, Math.min(wide, cols - c), cols, density, scratch);
        return mask;
    }

    /** Decides a part of {@code high} rows and {@code wide} columns that starts at {@code first}. */
    private void keep(
            float[] score, boolean[] mask, int first, int high, int wide, int cols, double density, float[] scratch) {
        int size = high * wide;
        for (int r = 0; r < high; r++) System.arraycopy(score, first + r * cols, scratch, r * wide, wide);
        int kept = (int) Math.round(density * size);
        int dropped = (int) Math.floor((1 - density) * size + 1e-6);
        if (count == Count.THRESHOLD ? dropped >= size : kept == 0) return;
        float threshold = OrderStatistic.at(scratch, size, count == Count.THRESHOLD ? dropped : size - kept);
        if (density >= 1) threshold = Float.NEGATIVE_INFINITY;
        int above = 0;
        for (int r = 0; r < high; r++)
            for (int i = first + r * cols, end = i + wide; i < end; i++) {
                mask[i] = score[i] > threshold;
                if (mask[i]) above++;
            }
        if (count == Count.THRESHOLD) return;
        int ties = kept - above;
        for (int r = high - 1; r >= 0 && ties > 0; r--)
            for (int start = first + r * cols, i = start + wide - 1; i >= start && ties > 0; i--)
                if (score[i] == threshold) {
                    mask[i] = true;
                    ties--;
                }
    }
}
