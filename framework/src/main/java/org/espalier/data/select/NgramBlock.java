package org.espalier.data.select;

/**
 * The n-grams of a block of lines.
 *
 * @param counts how many n-grams each line has, or {@link #NO_DOCUMENT}
 * @param buckets those of the first line, then those of the second, and so on
 * @param skipped lines that are no documents although something stands in them
 */
record NgramBlock(int[] counts, int[] buckets, int skipped) {
    /** For a blank line, or a bad one that is skipped. */
    static final int NO_DOCUMENT = -1;
}
