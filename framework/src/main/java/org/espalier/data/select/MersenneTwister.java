package org.espalier.data.select;

/**
 * MT19937 of Matsumoto and Nishimura (1998), seeded by one number, and the doubles that NumPy's legacy generator makes of it: as
 * after {@code numpy.random.seed}.
 */
final class MersenneTwister {
    private static final int N = 624;
    private static final int M = 397;
    private static final long MOST = 0xFFFFFFFFL;

    private final int[] state = new int[N];
    private int next = N;

    /** @param seed 0 … 2^32 - 1 */
    MersenneTwister(long seed) {
        if (seed < 0 || seed > MOST) {
            throw new IllegalArgumentException("a seed lies in 0 … " + MOST + ", not " + seed);
        }
        state[0] = (int) seed;
        for (int i = 1; i < N; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
        }
    }

    /** A number in [0, 1) of 53 bits. */
    double nextDouble() {
        long high = nextInt() >>> 5;
        long low = nextInt() >>> 6;
        return (high * 67108864.0 + low) / 9007199254740992.0;
    }

    private int nextInt() {
        if (next == N) {
            twist();
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        return y ^ y >>> 18;
    }

    private void twist() {
        for (int i = 0; i < N; i++) {
            int y = state[i] & 0x80000000 | state[(i + 1) % N] & 0x7fffffff;
            state[i] = state[(i + M) % N] ^ y >>> 1 ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
        }
        next = 0;
    }
}
