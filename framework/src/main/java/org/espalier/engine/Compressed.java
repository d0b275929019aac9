package org.espalier.engine;

import org.espalier.launch.Residency;

/**
 * The surviving entries of a weight matrix, by rows for the forward product and the weight gradient, by columns for the
 * input gradient. See {@link org.espalier.kernels.CompressedRows}.
 */
public final class Compressed {
    private final int[] start;
    private final int[] column;
    private final int[] columnStart;
    private final int[] row;
    private final int[] entry;
    private final int[] position;
    private final float[] values;
    private final float[] grad;

    Compressed(float[] dense, Mask mask, int rows, int columns) {
        int kept = mask.kept();
        start = new int[rows + 1];
        column = new int[kept];
        position = new int[kept];
        columnStart = new int[columns + 1];
        for (int r = 0, k = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                if (!mask.keeps(r * columns + c)) continue;
                column[k] = c;
                position[k++] = r * columns + c;
                columnStart[c + 1]++;
            }
            start[r + 1] = k;
        }
        for (int c = 0; c < columns; c++) columnStart[c + 1] += columnStart[c];
        row = new int[kept];
        entry = new int[kept];
        int[] next = columnStart.clone();
        for (int r = 0; r < rows; r++) {
            for (int k = start[r]; k < start[r + 1]; k++) {
                int at = next[column[k]]++;
                row[at] = r;
                entry[at] = k;
            }
        }
        values = new float[kept];
        grad = new float[kept];
        gather(dense);
    }

    void gather(float[] dense) {
        for (int k = 0; k < values.length; k++) values[k] = dense[position[k]];
        Residency.wrote(values);
    }

    void scatter(float[] dense) {
        Residency.read(values);
        for (int k = 0; k < values.length; k++) dense[position[k]] = values[k];
        Residency.wrote(dense);
    }

    /** Where each row's entries start; one more than there are rows. */
    public int[] start() {
        return start;
    }

    /** The column of each entry. */
    public int[] column() {
        return column;
    }

    /** Where each column's entries start in {@link #row} and {@link #entry}. */
    public int[] columnStart() {
        return columnStart;
    }

    /** The row of each entry, ordered by columns. */
    public int[] row() {
        return row;
    }

    /** The place in {@link #values} of each entry, ordered by columns. */
    public int[] entry() {
        return entry;
    }

    /** The place of each entry in the dense matrix. */
    public int[] position() {
        return position;
    }

    public float[] values() {
        return values;
    }

    public float[] grad() {
        return grad;
    }
}
