package org.espalier.kernels;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.espalier.launch.Launch;

/** What the kernel tests share: seeded numbers, awkward sizes, and slices run in random order. */
public final class Shapes {
    /** One, primes, powers of two and their neighbours, and more than a strip of vectors. */
    private static final int[] SIZES = {1, 2, 3, 5, 7, 13, 16, 17, 31, 32, 37, 64, 65, 67, 97, 131};

    private Shapes() {}

    public static RandomGenerator random(long seed) {
        return new SplittableRandom(seed);
    }

    public static int size(RandomGenerator random) {
        return SIZES[random.nextInt(SIZES.length)];
    }

    /** Floats of both signs, some of them exactly zero, as activations and masked weights have them. */
    public static float[] floats(RandomGenerator random, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) x[i] = random.nextInt(8) == 0 ? 0f : (float) (4 * random.nextDouble() - 2);
        return x;
    }

    public static float[] positive(RandomGenerator random, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) x[i] = random.nextFloat() + 1e-3f;
        return x;
    }

    /** Zeros and ones. */
    public static float[] mask(RandomGenerator random, int n, double density) {
        float[] mask = new float[n];
        for (int i = 0; i < n; i++) mask[i] = random.nextDouble() < density ? 1f : 0f;
        return mask;
    }

    /** A bit for each entry of a mask, as the kernels take them. */
    public static int[] bits(float[] mask) {
        int[] bits = new int[(mask.length + 31) / 32];
        for (int i = 0; i < mask.length; i++) if (mask[i] != 0) bits[i / 32] |= 1 << i % 32;
        return bits;
    }

    public static int[] below(RandomGenerator random, int n, int bound) {
        return random.ints(n, 0, bound).toArray();
    }

    /** Runs the units 0 … extent − 1 in slices of random length and order: a kernel may not notice. */
    public static void run(RandomGenerator random, int extent, Launch.Slice kernel) {
        int cut = random.nextInt(extent + 1);
        if (random.nextBoolean()) {
            kernel.run(cut, extent - cut);
            kernel.run(0, cut);
            return;
        }
        kernel.run(0, cut);
        for (int first = extent - 1; first >= cut; first--) kernel.run(first, 1);
    }

    /** The largest difference of two arrays, each element's relative to its size or to 1, whichever is larger. */
    public static double difference(float[] actual, double[] expected) {
        if (actual.length != expected.length) throw new IllegalArgumentException("lengths differ");
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            double error = Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
            if (!(error <= worst)) worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
        }
        return worst;
    }
}
