package org.espalier.experiment;

import java.util.Arrays;

/** How long each update took, without what stands between two of them. */
final class StepTimes {
    private long[] nanoseconds = new long[64];
    private int count;
    private long begun = System.nanoTime();

    void begin() {
        begun = System.nanoTime();
    }

    void end() {
        if (count == nanoseconds.length) nanoseconds = Arrays.copyOf(nanoseconds, 2 * count);
        nanoseconds[count++] = System.nanoTime() - begun;
    }

    /** The mean of the middle half, in milliseconds: what warms up and what stumbles is left out. NaN if there was no update. */
    double middle() {
        long[] sorted = Arrays.copyOf(nanoseconds, count);
        Arrays.sort(sorted);
        return Arrays.stream(sorted, count / 4, count - count / 4).average().orElse(Double.NaN) / 1e6;
    }
}
