package org.espalier.report;

import java.util.Arrays;

/**
 * Numbers in the order of their steps.
 *
 * @param steps iterations, or turns of a repeat
 * @param values one for each step
 */
record Series(long[] steps, double[] values) {
    static final Series EMPTY = new Series(new long[0], new double[0]);

    boolean isEmpty() {
        return steps.length == 0;
    }

    double last() {
        return isEmpty() ? Double.NaN : values[values.length - 1];
    }

    /** The value at a step, NaN if there is none. */
    double at(long step) {
        int i = Arrays.binarySearch(steps, step);
        return i < 0 ? Double.NaN : values[i];
    }
}
