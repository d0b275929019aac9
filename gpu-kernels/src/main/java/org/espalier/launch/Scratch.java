package org.espalier.launch;

/** Working memory of a thread, kept from launch to launch; what it holds between them means nothing. */
final class Scratch {
    private static final ThreadLocal<Scratch> OWN = ThreadLocal.withInitial(Scratch::new);

    private final float[][] arrays = new float[9][0];

    private long[] words = {};

    private Scratch() {}

    /** The calling thread's array number {@code which}, with at least {@code size} elements. */
    static float[] floats(int which, int size) {
        float[][] arrays = OWN.get().arrays;
        if (arrays[which].length < size) arrays[which] = new float[size];
        return arrays[which];
    }

    /** The calling thread's array of words, with at least {@code size} of them. */
    static long[] longs(int size) {
        Scratch own = OWN.get();
        if (own.words.length < size) own.words = new long[size];
        return own.words;
    }
}
