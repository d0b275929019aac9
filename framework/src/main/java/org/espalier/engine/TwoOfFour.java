package org.espalier.engine;

import java.util.Optional;

/**
 * The surviving entries of a weight matrix of which at most two of every four in a row survive, and the place of each in two bits: see
 * {@link org.espalier.kernels.TwoOfFourRows}. A copy of the values as they were. It takes as many bytes as a {@link Bitmap} without its
 * starts of rows, and is read faster, because it says where each value belongs and not which entries have one.
 */
public final class TwoOfFour {
    /** Floats behind the last value, so that a vector may be read where any value lies. */
    private static final int PADDING = 16;

    private final float[] values;
    private final int[] places;

    private TwoOfFour(float[] values, int[] places) {
        this.values = values;
        this.places = places;
    }

    /** Packs a weight that has a mask; nothing if more than two of some four survive, or rows do not end with a four. */
    public static Optional<TwoOfFour> of(Parameter weight) {
        int rows = weight.rows(), columns = weight.columns(), half = columns / 2, words = (columns + 31) / 32;
        if (columns % 4 != 0) return Optional.empty();
        Mask mask = weight.survivors();
        float[] dense = weight.value();
        float[] values = new float[rows * half + PADDING];
        int[] places = new int[Math.multiplyExact(rows, words)];
        for (int r = 0; r < rows; r++)
            for (int four = 0; four < columns; four += 4) {
                int k = four / 2, end = k + 2;
                for (int place = 0; place < 4; place++) {
                    int entry = r * columns + four + place;
                    if (!mask.keeps(entry)) continue;
                    if (k == end) return Optional.empty();
                    values[r * half + k] = dense[entry];
                    places[r * words + k / 16] |= place << 2 * (k % 16);
                    k++;
                }
            }
        return Optional.of(new TwoOfFour(values, places));
    }

    /** Two values for every four entries, row after row, 0 where fewer survive, and padding. */
    public float[] values() {
        return values;
    }

    /** A row of whole words for each row of the matrix: two bits for each of its values, the first lowest. */
    public int[] places() {
        return places;
    }
}
