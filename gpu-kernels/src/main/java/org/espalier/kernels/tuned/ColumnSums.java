package org.espalier.kernels.tuned;

import uk.ac.manchester.tornado.api.KernelContext;

/**
 * Sums down the columns of a matrix: a group takes {@link #COLUMNS} neighbouring columns, so that neighbours read neighbours, and each of
 * its rows of work items every eighth row. Twins of {@link org.espalier.kernels.Bias}, {@link org.espalier.kernels.Diagonal},
 * {@link org.espalier.kernels.OuterSums} and {@link org.espalier.kernels.TokenSums}.
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

    /** C (rank, columns) = Uᵀ · Y, or C (columns, rank) = Yᵀ · U if {@code turned} is 1; a row of groups for each k of the rank. */
    public static void outer(
            KernelContext context,
            float[] c,
            float[] u,
            float[] y,
            int n,
            int rank,
            int columns,
            int turned,
            int keep,
            int count) {
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int group = context.groupIdx;
        int k = group % rank;
        int column = group / rank * COLUMNS + item % COLUMNS;
        float sum = 0f;
        if (column < count) {
            for (int r = item / COLUMNS; r < n; r += LANES) sum += u[r * rank + k] * y[r * columns + column];
        }
        sums[item] = sum;
        context.localBarrier();
        if (item < COLUMNS && column < count) {
            float total = 0f;
            for (int lane = 0; lane < LANES; lane++) total += sums[lane * COLUMNS + item];
            int e = k * columns + column;
            if (turned == 1) e = column * rank + k;
            float before = 0f;
            if (keep == 1) before = c[e];
            c[e] = before + total;
        }
    }

    /** squares[f] += Σ x² over the tokens, sequence by sequence. */
    public static void tokenSquares(
            KernelContext context,
            float[] squares,
            float[] x,
            int sequences,
            int length,
            int featureStride,
            int tokenStride,
            int count) {
        float[] sums = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int feature = context.groupIdx * COLUMNS + item % COLUMNS;
        float mine = 0f;
        if (feature < count) {
            for (int s = 0; s < sequences; s++) {
                float sum = 0f;
                for (int t = item / COLUMNS; t < length; t += LANES) {
                    float v = x[feature * featureStride + (s * length + t) * tokenStride];
                    sum += v * v;
                }
                mine += sum;
            }
        }
        sums[item] = mine;
        context.localBarrier();
        if (item < COLUMNS && feature < count) {
            float total = squares[feature];
            for (int lane = 0; lane < LANES; lane++) total += sums[lane * COLUMNS + item];
            squares[feature] = total;
        }
    }

    /** sums[f] += Σ x, and between[f] += Σ over the sequences of (the sum of its tokens)². */
    public static void tokenSums(
            KernelContext context,
            float[] sums,
            float[] between,
            float[] x,
            int sequences,
            int length,
            int featureStride,
            int tokenStride,
            int count) {
        float[] parts = context.allocateFloatLocalArray(ITEMS);
        int item = context.localIdx;
        int feature = context.groupIdx * COLUMNS + item % COLUMNS;
        float total = 0f;
        float squares = 0f;
        for (int s = 0; s < sequences; s++) {
            float sum = 0f;
            if (feature < count) {
                for (int t = item / COLUMNS; t < length; t += LANES)
                    sum += x[feature * featureStride + (s * length + t) * tokenStride];
            }
            parts[item] = sum;
            context.localBarrier();
            float whole = 0f;
            for (int lane = 0; lane < LANES; lane++) whole += parts[lane * COLUMNS + item % COLUMNS];
            total += whole;
            squares += whole * whole;
            context.localBarrier();
        }
        if (item < COLUMNS && feature < count) {
            sums[feature] = sums[feature] + total;
            between[feature] = between[feature] + squares;
        }
    }
}
