package org.espalier.kernels.tuned;

import uk.ac.manchester.tornado.api.KernelContext;

/**
 * Sums down the columns of a matrix: a group takes {@link #COLUMNS} neighbouring columns, so that neighbours read neighbours, and each of
 * its rows of work items every eighth row. Twins of {@link org.espalier.kernels.Bias} and {@link org.espalier.kernels.Diagonal}.
 */
public final class ColumnSums {
    /** Columns of a group. */
    public static final int COLUMNS = 32;

    private static final int LANES = 8;

    /** Work items of a group. */
    public static final int ITEMS = COLUMNS * LANES;

    private ColumnSums() {}

    /** dbias = sum of dy over the examples, best where the features of an example are neighbours. */
    public static void bias(
            KernelContext context,
            float[] dbias,
            float[] dy,
            int examples,
            int featureStride,
            int exampleStride,
            int keep,
            int count) {
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int feature = context.groupIdx * COLUMNS + item % COLUMNS;
        float sum = 0f;
        if (feature < count) {
            for (int e = item / COLUMNS; e < examples; e += LANES) {
                sum += dy[feature * featureStride + e * exampleStride];
            }
        }
        sums[item] = sum;
        context.localBarrier();
        if (item < COLUMNS && feature < count) {
            float total = 0f;
            if (keep == 1) total = dbias[feature];
            for (int lane = 0; lane < LANES; lane++) total += sums[lane * COLUMNS + item];
            dbias[feature] = total;
        }
    }

    /** dd[c] = factor · scale[c] · Σ_r dY[r, c] · X[r, c]. */
    public static void diagonal(
            KernelContext context,
            float[] dd,
            float[] dy,
            float[] x,
            float[] scale,
            float factor,
            int rows,
            int columns,
            int keep,
            int count) {
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int column = context.groupIdx * COLUMNS + item % COLUMNS;
        float sum = 0f;
        if (column < count) {
            for (int r = item / COLUMNS; r < rows; r += LANES)
                sum += dy[r * columns + column] * x[r * columns + column];
        }
        sums[item] = sum;
        context.localBarrier();
        if (item < COLUMNS && column < count) {
            float total = 0f;
            for (int lane = 0; lane < LANES; lane++) total += sums[lane * COLUMNS + item];
            float before = 0f;
            if (keep == 1) before = dd[column];
            dd[column] = before + factor * scale[column] * total;
        }
    }
}
