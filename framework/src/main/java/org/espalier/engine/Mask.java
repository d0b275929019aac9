package org.espalier.engine;

import java.util.Arrays;

/** Which entries of a parameter survive: a bit each, so that a mask takes a thirty-second of what its weight does. Never changes. */
public final class Mask {
    private final int[] bits;
    private final int size;
    private final int kept;

    private Mask(int[] bits, int size) {
        this.bits = bits;
        this.size = size;
        this.kept = Arrays.stream(bits).map(Integer::bitCount).sum();
    }

    /** True is kept. */
    public static Mask of(boolean[] kept) {
        int[] bits = new int[words(kept.length)];
        for (int i = 0; i < kept.length; i++) if (kept[i]) bits[i >> 5] |= 1 << i;
        return new Mask(bits, kept.length);
    }

    /**
     * 1 is kept, 0 is not.
     *
     * @throws IllegalArgumentException if an entry is neither
     */
    public static Mask of(float[] kept) {
        int[] bits = new int[words(kept.length)];
        for (int i = 0; i < kept.length; i++) {
            if (kept[i] == 1f) bits[i >> 5] |= 1 << i;
            else if (kept[i] != 0f) throw new IllegalArgumentException("a mask holds 0 or 1, not " + kept[i]);
        }
        return new Mask(bits, kept.length);
    }

    private static int words(int bits) {
        return (bits + Integer.SIZE - 1) / Integer.SIZE;
    }

    /** How many entries there are. */
    public int size() {
        return size;
    }

    /** How many entries survive. */
    public int kept() {
        return kept;
    }

    /** Whether an entry survives. */
    public boolean keeps(int entry) {
        return (bits[entry >> 5] >>> entry & 1) != 0;
    }

    /** Makes zero what does not survive. */
    public void zero(float[] values) {
        for (int w = 0; w < bits.length; w++) {
            int first = w * Integer.SIZE, end = Math.min(size, first + Integer.SIZE);
            int gone = ~bits[w];
            if (end - first < Integer.SIZE) gone &= (1 << end - first) - 1;
            for (; gone != 0; gone &= gone - 1) values[first + Integer.numberOfTrailingZeros(gone)] = 0f;
        }
    }

    /** A bit for each entry, bit {@code i % 32} of word {@code i / 32}, as {@link org.espalier.kernels.Pointwise#mask} takes them: not to be changed. */
    public int[] words() {
        return bits;
    }

    /** True where an entry survives: made anew. */
    public boolean[] booleans() {
        boolean[] all = new boolean[size];
        for (int i = 0; i < size; i++) all[i] = keeps(i);
        return all;
    }

    /** 1 where an entry survives, else 0: made anew. */
    public float[] floats() {
        float[] all = new float[size];
        for (int i = 0; i < size; i++) if (keeps(i)) all[i] = 1f;
        return all;
    }
}
