package org.espalier.launch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * How the weights of a language model lie in a file, little-endian: as floats of three widths, or in the blocks of
 * llama.cpp's ggml, whose names these are. {@code Q4_0}, {@code Q5_0} and {@code Q8_0} have 32 weights a block and one
 * scale; the {@code K} formats have 256 weights a block, in sub-blocks whose scales are themselves quantised.
 */
public enum WeightFormat {
    F32(1, 4) {
        @Override
        void block(byte[] from, int at, float[] into, int first) {
            into[first] = Float.intBitsToFloat((int) INT.get(from, at));
        }

        @Override
        void decode(MemorySegment from, long at, float[] into, int first, int blocks) {
            MemorySegment.copy(from, FLOAT, at, into, first, blocks);
        }
    },
    F16(1, 2) {
        @Override
        void block(byte[] from, int at, float[] into, int first) {
            into[first] = half(from, at);
        }

        @Override
        void blocks(byte[] from, float[] into, int first, int count) {
            for (int i = 0; i < count; i++) {
                into[first + i] = half(from, 2 * i);
            }
        }
    },
    BF16(1, 2) {
        @Override
        void block(byte[] from, int at, float[] into, int first) {
            into[first] = Float.intBitsToFloat((short) SHORT.get(from, at) << 16);
        }

        @Override
        void blocks(byte[] from, float[] into, int first, int count) {
            for (int i = 0; i < count; i++) {
                into[first + i] = Float.intBitsToFloat((short) SHORT.get(from, 2 * i) << 16);
            }
        }
    },
    Q8_0(32, 34) {
        @Override
        void block(byte[] from, int at, float[] into, int first) {
            float scale = half(from, at);
            for (int i = 0; i < 32; i++) {
                into[first + i] = scale * from[at + 2 + i];
            }
        }
    },
    Q4_0(32, 18) {
        @Override
        void block(byte[] from, int at, float[] into, int first) {
            float scale = half(from, at);
            for (int i = 0; i < 16; i++) {
                int two = from[at + 2 + i];
                into[first + i] = scale * ((two & 15) - 8);
                into[first + i + 16] = scale * ((two >> 4 & 15) - 8);
            }
        }
    },
    Q5_0(32, 22) {
        @Override
        void block(byte[] from, int at, float[] into, int first) {
            float scale = half(from, at);
            int fifth = (int) INT.get(from, at + 2);
            for (int i = 0; i < 16; i++) {
                int two = from[at + 6 + i];
                into[first + i] = scale * ((two & 15 | fifth >>> i << 4 & 16) - 16);
                into[first + i + 16] = scale * ((two >> 4 & 15 | fifth >>> i + 12 & 16) - 16);
            }
        }
    },
    Q4_K(256, 144) {
        @Override
        void block(byte[] from, int at, float[] into, int first) {
            float scale = half(from, at);
            float least = half(from, at + 2);
            for (int pair = 0; pair < 4; pair++) {
                float low = scale * scale(from, at + 4, 2 * pair);
                float lowLeast = least * least(from, at + 4, 2 * pair);
                float high = scale * scale(from, at + 4, 2 * pair + 1);
                float highLeast = least * least(from, at + 4, 2 * pair + 1);
                int bits = at + 16 + 32 * pair;
                int to = first + 64 * pair;
                for (int i = 0; i < 32; i++) {
                    int two = from[bits + i];
                    into[to + i] = low * (two & 15) - lowLeast;
                    into[to + i + 32] = high * (two >> 4 & 15) - highLeast;
                }
            }
        }
    },
    Q5_K(256, 176) {
        @Override
        void block(byte[] from, int at, float[] into, int first) {
            float scale = half(from, at);
            float least = half(from, at + 2);
            for (int pair = 0; pair < 4; pair++) {
                float low = scale * scale(from, at + 4, 2 * pair);
                float lowLeast = least * least(from, at + 4, 2 * pair);
                float high = scale * scale(from, at + 4, 2 * pair + 1);
                float highLeast = least * least(from, at + 4, 2 * pair + 1);
                int bits = at + 48 + 32 * pair;
                int to = first + 64 * pair;
                for (int i = 0; i < 32; i++) {
                    int two = from[bits + i];
                    int fifths = from[at + 16 + i] >> 2 * pair;
                    into[to + i] = low * (two & 15 | fifths << 4 & 16) - lowLeast;
                    into[to + i + 32] = high * (two >> 4 & 15 | fifths << 3 & 16) - highLeast;
                }
            }
        }
    },
    Q6_K(256, 210) {
        @Override
        void block(byte[] from, int at, float[] into, int first) {
            float scale = half(from, at + 208);
            for (int side = 0; side < 2; side++) {
                for (int part = 0; part < 2; part++) {
                    int i = 16 * part;
                    int scales = at + 192 + 8 * side + part;
                    sixBits(
                            from,
                            at + 64 * side + i,
                            at + 128 + 32 * side + i,
                            scales,
                            scale,
                            into,
                            first + 128 * side + i);
                }
            }
        }

        /** Sixteen times four weights, 32 apart, each four with the four scales that are two apart. */
        private void sixBits(byte[] from, int low, int high, int scales, float scale, float[] into, int first) {
            float scale0 = scale * from[scales];
            float scale1 = scale * from[scales + 2];
            float scale2 = scale * from[scales + 4];
            float scale3 = scale * from[scales + 6];
            for (int i = 0; i < 16; i++) {
                int near = from[low + i];
                int far = from[low + 32 + i];
                int top = from[high + i];
                into[first + i] = scale0 * ((near & 15 | top << 4 & 48) - 32);
                into[first + i + 32] = scale1 * ((far & 15 | top << 2 & 48) - 32);
                into[first + i + 64] = scale2 * ((near >> 4 & 15 | top & 48) - 32);
                into[first + i + 96] = scale3 * ((far >> 4 & 15 | top >> 2 & 48) - 32);
            }
        }
    };

    /** Bytes that are decoded at a time: they stay in the nearest cache, and plain arrays make the fastest loops. */
    private static final int SLAB = 1 << 14;

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private final int weights;
    private final int bytes;

    WeightFormat(int weights, int bytes) {
        this.weights = weights;
        this.bytes = bytes;
    }

    /** Weights of one block; 1 where each stands for itself. */
    public int weights() {
        return weights;
    }

    /** Bytes of one block. */
    public int bytes() {
        return bytes;
    }

    /** Decodes the block at {@code from[at]} to {@code into[first]} and on. */
    abstract void block(byte[] from, int at, float[] into, int first);

    /** Decodes blocks that follow one another. */
    void decode(MemorySegment from, long at, float[] into, int first, int blocks) {
        int together = SLAB / bytes;
        byte[] slab = new byte[Math.min(blocks, together) * bytes];
        for (int b = 0; b < blocks; b += together) {
            int count = Math.min(together, blocks - b);
            MemorySegment.copy(from, JAVA_BYTE, at + (long) b * bytes, slab, 0, count * bytes);
            blocks(slab, into, first + b * weights, count);
        }
    }

    /** Decodes blocks that follow one another from {@code from[0]} on. */
    void blocks(byte[] from, float[] into, int first, int count) {
        for (int b = 0; b < count; b++) {
            block(from, b * bytes, into, first + b * weights);
        }
    }

    private static float half(byte[] from, int at) {
        return Float.float16ToFloat((short) SHORT.get(from, at));
    }

    /** The six-bit scale of a sub-block: twelve bytes hold eight scales and eight minima. */
    private static int scale(byte[] from, int at, int block) {
        return block < 4 ? from[at + block] & 63 : from[at + block + 4] & 15 | from[at + block - 4] >> 2 & 48;
    }

    /** The six-bit minimum of a sub-block. */
    private static int least(byte[] from, int at, int block) {
        return block < 4 ? from[at + block + 4] & 63 : from[at + block + 4] >> 4 & 15 | from[at + block] >> 2 & 48;
    }
}
