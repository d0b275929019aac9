package org.espalier.prune;

import java.util.Arrays;
import java.util.List;

/** Which value stands where in the order, without sorting. There must be no NaN among the values. */
public final class OrderStatistic {
    private static final int BUCKETS = 1 << 16;

    private OrderStatistic() {}

    /**
     * The value that would stand at {@code rank} if {@code values[0 … length − 1]} were sorted, smallest first. The values change
     * places.
     */
    public static float at(float[] values, int length, int rank) {
        int low = 0, high = length - 1;
        int patience = 4 * (32 - Integer.numberOfLeadingZeros(length));
        while (low < high) {
            if (patience-- == 0) { // pivots were bad again and again: sorting is slow, but never quadratic
                Arrays.sort(values, low, high + 1);
                return values[rank];
            }
            float pivot = middle(values[low], values[(low + high) >>> 1], values[high]);
            int i = low, j = high;
            while (i <= j) {
                while (values[i] < pivot) i++;
                while (values[j] > pivot) j--;
                if (i > j) break;
                float swapped = values[i];
                values[i++] = values[j];
                values[j--] = swapped;
            }
            if (rank <= j) high = j;
            else if (rank >= i) low = i;
            else return values[rank];
        }
        return values[rank];
    }

    private static float middle(float a, float b, float c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    /** The value that would stand at {@code rank} if the values of all arrays were sorted together; they stay as they are. */
    public static float at(List<float[]> arrays, long rank) {
        long[] counts = new long[BUCKETS];
        for (float[] array : arrays) for (float value : array) counts[ordered(value) >>> 16]++;
        int high = 0;
        while (rank >= counts[high]) rank -= counts[high++];
        Arrays.fill(counts, 0);
        for (int i = 0; i < arrays.size(); i++)
            for (float value : arrays.get(i)) {
                int bits = ordered(value);
                if (bits >>> 16 == high) counts[bits & 0xffff]++;
            }
        int low = 0;
        while (rank >= counts[low]) rank -= counts[low++];
        int bits = high << 16 | low;
        return Float.intBitsToFloat(bits < 0 ? bits ^ 0x80000000 : ~bits);
    }

    /** Bits that, read as an unsigned number, stand in the order of the floats. */
    private static int ordered(float value) {
        int bits = Float.floatToRawIntBits(value);
        return bits < 0 ? ~bits : bits ^ 0x80000000;
    }
}
