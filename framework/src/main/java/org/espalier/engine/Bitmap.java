package org.espalier.engine;

import java.util.Arrays;

/**
 * The surviving entries of a weight matrix side by side, and a bit for every entry: see {@link org.espalier.kernels.BitmapRows}. A copy
 * of the values as they were. For 2:4 this is as small as {@link TwoOfFour}, whose places of two bits are a bit an entry, too.
 */
public final class Bitmap {
    /** Floats behind the last survivor, so that a vector may be read where any survivor lies. */
    private static final int PADDING = 16;

    private final float[] values;
    private final int[] start;
    private final int[] bits;

    private Bitmap(float[] values, int[] start, int[] bits) {
        this.values = values;
        this.start = start;
        this.bits = bits;
    }

    /** Packs a weight that has a mask. */
    public static Bitmap of(Parameter weight) {
        Mask mask = weight.survivors();
        float[] dense = weight.value();
        int rows = weight.rows(), columns = weight.columns(), words = (columns + Integer.SIZE - 1) / Integer.SIZE;
        float[] values = new float[mask.kept() + PADDING];
        int[] start = new int[rows + 1];
        int[] bits = new int[Math.multiplyExact(rows, words)];
        for (int r = 0, k = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                if (!mask.keeps(r * columns + c)) continue;
                values[k++] = dense[r * columns + c];
                bits[r * words + c / Integer.SIZE] |= 1 << c;
            }
            start[r + 1] = k;
        }
        return new Bitmap(values, start, bits);
    }

    /** The survivors, row after row, and padding. */
    public float[] values() {
        return values;
    }

    /** Where each row's survivors start; one more than there are rows. */
    public int[] start() {
        return start;
    }

    /** A row of whole words for each row of the matrix: bit {@code c % 32} of word {@code c / 32} is set where column c survives. */
    public int[] bits() {
        return bits;
    }

    @Override
    public String toString() {
        return "Bitmap of " + (values.length - PADDING) + " in " + (start.length - 1) + " rows, "
                + Arrays.stream(bits).map(Integer::bitCount).sum() + " bits set";
    }
}
