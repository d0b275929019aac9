package org.espalier.launch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Turns unsigned bytes into floats, value / 255 to the last bit, by vectors where the machine has wide ones. */
public final class ByteScaling {
    private static final float SCALE = 255f;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    private static final int LANES = FLOATS.length();

    /** As many bytes as there are floats in a vector; vectors of four floats are not worth the trouble. */
    private static final VectorSpecies<Byte> BYTES =
            LANES < 8 ? null : VectorSpecies.of(byte.class, VectorShape.forBitSize(8 * LANES));

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Columns that are transposed together: a tile of 784 features stays in the nearest cache. */
    private static final int TILE = 16;

    private ByteScaling() {}

    /** {@code into[to + i] = from[at + i] / 255} for {@code count} values. */
    public static void row(byte[] from, int at, int count, float[] into, int to) {
        int i = 0;
        if (BYTES != null) {
            for (; i <= count - LANES; i += LANES) {
                scaled(from, at + i).intoArray(into, to + i);
            }
        }
        for (; i < count; i++) {
            into[to + i] = (from[at + i] & 255) / SCALE;
        }
    }

    /** {@code into[to + f * stride + c] = from[starts[c] + f] / 255} for all features and columns. */
    public static void columns(byte[] from, int[] starts, int features, float[] into, int to, int stride) {
        byte[] tile = new byte[features * TILE];
        for (int first = 0; first < starts.length; first += TILE) {
            int count = Math.min(TILE, starts.length - first);
            for (int c = 0; c < count; c += 8) {
                transpose(from, starts, first + c, features, tile, c);
            }
            for (int f = 0; f < features; f++) {
                row(tile, f * TILE, count, into, to + f * stride + first);
            }
        }
    }

    private static FloatVector scaled(byte[] from, int at) {
        IntVector wide = (IntVector)
                ByteVector.fromArray(BYTES, from, at).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        return ((FloatVector) wide.convert(VectorOperators.I2F, 0)).div(SCALE);
    }

    /**
     * Eight rows of bytes become eight columns of the tile. An eight by eight block is transposed in registers: swap
     * bytes, pairs and quads across its diagonal. Past the last row the last one is taken again.
     */
    private static void transpose(byte[] from, int[] starts, int first, int features, byte[] tile, int column) {
        int last = starts.length - 1;
        int s0 = starts[first];
        int s1 = starts[Math.min(first + 1, last)];
        int s2 = starts[Math.min(first + 2, last)];
        int s3 = starts[Math.min(first + 3, last)];
        int s4 = starts[Math.min(first + 4, last)];
        int s5 = starts[Math.min(first + 5, last)];
        int s6 = starts[Math.min(first + 6, last)];
        int s7 = starts[Math.min(first + 7, last)];
        int f = 0;
        for (; f <= features - 8; f += 8) {
            long a = (long) WORD.get(from, s0 + f);
            long b = (long) WORD.get(from, s1 + f);
            long c = (long) WORD.get(from, s2 + f);
            long d = (long) WORD.get(from, s3 + f);
            long e = (long) WORD.get(from, s4 + f);
            long g = (long) WORD.get(from, s5 + f);
            long h = (long) WORD.get(from, s6 + f);
            long i = (long) WORD.get(from, s7 + f);
            long swap = swap(a, b, 8, 0x00FF00FF00FF00FFL);
            a ^= swap << 8;
            b ^= swap;
            swap = swap(c, d, 8, 0x00FF00FF00FF00FFL);
            c ^= swap << 8;
            d ^= swap;
            swap = swap(e, g, 8, 0x00FF00FF00FF00FFL);
            e ^= swap << 8;
            g ^= swap;
            swap = swap(h, i, 8, 0x00FF00FF00FF00FFL);
            h ^= swap << 8;
            i ^= swap;
            swap = swap(a, c, 16, 0x0000FFFF0000FFFFL);
            a ^= swap << 16;
            c ^= swap;
            swap = swap(b, d, 16, 0x0000FFFF0000FFFFL);
            b ^= swap << 16;
            d ^= swap;
            swap = swap(e, h, 16, 0x0000FFFF0000FFFFL);
            e ^= swap << 16;
            h ^= swap;
            swap = swap(g, i, 16, 0x0000FFFF0000FFFFL);
            g ^= swap << 16;
            i ^= swap;
            int at = f * TILE + column;
            // The last round is folded into the stores: low halves pair up for rows 0-3, high halves for rows 4-7.
            WORD.set(tile, at, low(a, e));
            WORD.set(tile, at + TILE, low(b, g));
            WORD.set(tile, at + 2 * TILE, low(c, h));
            WORD.set(tile, at + 3 * TILE, low(d, i));
            WORD.set(tile, at + 4 * TILE, high(a, e));
            WORD.set(tile, at + 5 * TILE, high(b, g));
            WORD.set(tile, at + 6 * TILE, high(c, h));
            WORD.set(tile, at + 7 * TILE, high(d, i));
        }
        for (; f < features; f++) {
            for (int k = 0; k < 8; k++) {
                tile[f * TILE + column + k] = from[starts[Math.min(first + k, last)] + f];
            }
        }
    }

    private static long swap(long upper, long lower, int shift, long mask) {
        return ((upper >>> shift) ^ lower) & mask;
    }

    private static long low(long first, long second) {
        return (first & 0xFFFFFFFFL) | second << 32;
    }

    private static long high(long first, long second) {
        return first >>> 32 | (second & 0xFFFFFFFF00000000L);
    }
}
