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

    /** The first step whose value is at least {@code bound}: infinite if none is, NaN if nothing was measured. */
    double first(double bound) {
        for (int i = 0; i < steps.length; i++) if (values[i] >= bound) return steps[i];
        return isEmpty() ? Double.NaN : Double.POSITIVE_INFINITY;
    }

    double last() {
        return isEmpty() ? Double.NaN : values[values.length - 1];
    }

    /** The value at a step, NaN if there is none. */
    double at(long step) {
        int i = Arrays.binarySearch(steps, step);
        return i < 0 ? Double.NaN : values[i];
    }

    /** Gathers points in any order; of two at one step the later stays. */
    static final class Builder {
        private long[] steps = new long[16];
        private double[] values = new double[16];
        private int size;

        void add(long step, double value) {
            int at = size > 0 && step <= steps[size - 1] ? Arrays.binarySearch(steps, 0, size, step) : -size - 1;
            if (at >= 0) values[at] = value;
            else insert(-at - 1, step, value);
        }

        private void insert(int at, long step, double value) {
            if (size == steps.length) {
                steps = Arrays.copyOf(steps, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            System.arraycopy(steps, at, steps, at + 1, size - at);
            System.arraycopy(values, at, values, at + 1, size - at);
            steps[at] = step;
            values[at] = value;
            size++;
        }

        Series build() {
            return new Series(Arrays.copyOf(steps, size), Arrays.copyOf(values, size));
        }
    }
}
