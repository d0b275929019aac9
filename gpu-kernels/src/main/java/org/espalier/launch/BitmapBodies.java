package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The vector body of {@link org.espalier.kernels.BitmapRows}: survivors are read side by side and expanded to their lanes, so that
 * nothing is read that a product does not need. Every element of the result is summed in an order of its own, whatever the cut.
 */
public final class BitmapBodies {
    private static final int LANES = (1 << LENGTH) - 1;

    private BitmapBodies() {}

    /**
     * {@link org.espalier.kernels.BitmapRows#forward}.
     *
     * @param values followed by as many floats of padding as a vector has lanes
     */
    public static void forward(
            float[] y,
            float[] values,
            int[] start,
            int[] bits,
            float[] x,
            float[] bias,
            int batch,
            int rows,
            int columns,
            int first,
            int count) {
        int words = (columns + 31) / 32;
        for (int r = first; r < first + count; r++)
            for (int b = 0; b < batch; b++)
                y[b * rows + r] = bias[r] + dot(values, start[r], bits, r * words, x, b * columns, columns);
    }

    private static float dot(float[] values, int k, int[] bits, int word, float[] x, int at, int columns) {
        FloatVector even = FloatVector.zero(S), odd = FloatVector.zero(S);
        int c = 0;
        for (; c + Integer.SIZE <= columns; c += Integer.SIZE, word++) {
            int rest = bits[word];
            for (int i = 0; i < Integer.SIZE; i += 2 * LENGTH) {
                int low = rest & LANES, high = rest >>> LENGTH & LANES;
                int middle = k + Integer.bitCount(low);
                even = expanded(values, k, low).fma(FloatVector.fromArray(S, x, at + c + i), even);
                odd = expanded(values, middle, high).fma(FloatVector.fromArray(S, x, at + c + i + LENGTH), odd);
                k = middle + Integer.bitCount(high);
                rest = rest >>> LENGTH >>> LENGTH;
            }
        }
        if (c < columns) even = even.add(rest(values, k, bits[word], x, at + c, columns - c));
        return Lanes.sum(even.add(odd));
    }

    /** The last columns, fewer than a word has bits. */
    private static FloatVector rest(float[] values, int k, int bits, float[] x, int at, int columns) {
        FloatVector sum = FloatVector.zero(S);
        for (int i = 0; i < columns; i += LENGTH) {
            int lanes = bits & LANES;
            VectorMask<Float> inside = S.indexInRange(i, columns);
            sum = expanded(values, k, lanes).fma(FloatVector.fromArray(S, x, at + i, inside), sum);
            k += Integer.bitCount(lanes);
            bits >>>= LENGTH;
        }
        return sum;
    }

    private static FloatVector expanded(float[] values, int k, int lanes) {
        return FloatVector.fromArray(S, values, k).expand(VectorMask.fromLong(S, lanes));
    }
}
