package org.espalier.engine;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Randomness as a function of the run's seed, a name and a step: the same three give the same numbers, so there is no state to
 * save, and adding a consumer shifts nobody else's numbers.
 */
public final class Rng {
    private Rng() {}

    public static RandomGenerator of(long seed, String name, long step) {
        long hash = 0xcbf29ce484222325L ^ seed;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        return new SplittableRandom(mix(mix(hash) + 0x9e3779b97f4a7c15L * (step + 1)));
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** A normal deviate by Box and Muller's polar method; unlike the JDK's, its bits are ours to keep. */
    public static double gaussian(RandomGenerator random) {
        while (true) {
            double u = 2 * random.nextDouble() - 1;
            double v = 2 * random.nextDouble() - 1;
            double s = u * u + v * v;
            if (s > 0 && s < 1) return u * StrictMath.sqrt(-2 * StrictMath.log(s) / s);
        }
    }

    /** The numbers 0 … n − 1 in random order. */
    public static int[] permutation(RandomGenerator random, int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
