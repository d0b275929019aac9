package org.espalier.select;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Examples in the order of their scores. Ties go by number, so that an order is the same everywhere. */
public final class Ranking {
    private Ranking() {}

    /** All numbers, the highest score first, of two equal ones the lower number. */
    public static int[] highestFirst(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> scores[a] == scores[b] ? Integer.compare(a, b) : Double.compare(scores[b], scores[a]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /**
     * The highest scores but for the very highest.
     *
     * @param offset how many of the highest are passed over
     * @return {@code keep} numbers, rising
     * @throws IllegalArgumentException if there are too few
     */
    public static int[] highest(double[] scores, int keep, int offset) {
        if (keep + (long) offset > scores.length)
            throw new IllegalArgumentException("there are " + scores.length + " examples: " + offset
                    + " cannot be passed over and " + keep + " kept");
        int[] chosen = Arrays.copyOfRange(highestFirst(scores), offset, offset + keep);
        Arrays.sort(chosen);
        return chosen;
    }
}
