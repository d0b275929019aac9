package org.espalier.data.pretrained;

import java.nio.ByteBuffer;
import java.util.Random;
import org.espalier.launch.WeightFormat;

/**
 * Blocks of weights made the other way round than they are read: from drawn scales and quants both the bytes, packed as
 * ggml's formats say, and the weights they stand for.
 */
record Blocks(byte[] bytes, float[] weights) {
    static Blocks drawn(WeightFormat format, int count, Random random) {
        ByteBuffer bytes = GgufMaker.little(count * format.bytes());
        float[] weights = new float[count * format.weights()];
        for (int b = 0; b < count; b++) {
            int at = b * format.weights();
            switch (format) {
                case F32 -> bytes.putFloat(weights[at] = random.nextFloat() - 0.5f);
                case F16 -> {
                    weights[at] = Float.float16ToFloat(Float.floatToFloat16(random.nextFloat() - 0.5f));
                    bytes.putShort(Float.floatToFloat16(weights[at]));
                }
                case BF16 -> {
                    short upper = (short) (0x3C00 + random.nextInt(0x400));
                    bytes.putShort(upper);
                    weights[at] = Float.intBitsToFloat(upper << 16);
                }
                case Q8_0 -> eight(bytes, weights, at, random);
                case Q4_0 -> four(bytes, weights, at, random);
                case Q5_0 -> five(bytes, weights, at, random);
                case Q4_K, Q5_K -> scaled(format == WeightFormat.Q5_K, bytes, weights, at, random);
                case Q6_K -> six(bytes, weights, at, random);
            }
        }
        return new Blocks(bytes.array(), weights);
    }

    private static float half(ByteBuffer bytes, Random random) {
        short half = Float.floatToFloat16((random.nextFloat() - 0.5f) / 8);
        bytes.putShort(half);
        return Float.float16ToFloat(half);
    }

    private static void eight(ByteBuffer bytes, float[] weights, int at, Random random) {
        float scale = half(bytes, random);
        for (int i = 0; i < 32; i++) {
            byte quant = (byte) random.nextInt(256);
            bytes.put(quant);
            weights[at + i] = scale * quant;
        }
    }

    private static int[] quants(int count, int below, Random random) {
        return random.ints(count, 0, below).toArray();
    }

    private static void four(ByteBuffer bytes, float[] weights, int at, Random random) {
        float scale = half(bytes, random);
        int[] quants = quants(32, 16, random);
        for (int i = 0; i < 32; i++) {
            weights[at + i] = scale * (quants[i] - 8);
        }
        for (int i = 0; i < 16; i++) {
            bytes.put((byte) (quants[i] | quants[i + 16] << 4));
        }
    }

    private static void five(ByteBuffer bytes, float[] weights, int at, Random random) {
        float scale = half(bytes, random);
        int[] quants = quants(32, 32, random);
        int fifths = 0;
        for (int i = 0; i < 32; i++) {
            weights[at + i] = scale * (quants[i] - 16);
            fifths |= (quants[i] >> 4) << i;
        }
        bytes.putInt(fifths);
        for (int i = 0; i < 16; i++) {
            bytes.put((byte) (quants[i] & 15 | (quants[i + 16] & 15) << 4));
        }
    }

    private static void scaled(boolean five, ByteBuffer bytes, float[] weights, int at, Random random) {
        float scale = half(bytes, random);
        float least = half(bytes, random);
        int[] scales = quants(8, 64, random);
        int[] minima = quants(8, 64, random);
        int[] quants = quants(256, five ? 32 : 16, random);
        for (int i = 0; i < 256; i++) {
            weights[at + i] = scale * scales[i / 32] * quants[i] - least * minima[i / 32];
        }
        for (int j = 0; j < 4; j++) {
            bytes.put((byte) (scales[j] | scales[j + 4] >> 4 << 6));
        }
        for (int j = 0; j < 4; j++) {
            bytes.put((byte) (minima[j] | minima[j + 4] >> 4 << 6));
        }
        for (int j = 4; j < 8; j++) {
            bytes.put((byte) (scales[j] & 15 | (minima[j] & 15) << 4));
        }
        if (five) {
            for (int i = 0; i < 32; i++) {
                int bits = 0;
                for (int group = 0; group < 8; group++) {
                    bits |= (quants[32 * group + i] >> 4) << group;
                }
                bytes.put((byte) bits);
            }
        }
        for (int pair = 0; pair < 4; pair++) {
            for (int i = 0; i < 32; i++) {
                bytes.put((byte) (quants[64 * pair + i] & 15 | (quants[64 * pair + 32 + i] & 15) << 4));
            }
        }
    }

    private static void six(ByteBuffer bytes, float[] weights, int at, Random random) {
        int[] quants = quants(256, 64, random);
        byte[] scales = new byte[16];
        random.nextBytes(scales);
        for (int side = 0; side < 256; side += 128) {
            for (int i = 0; i < 64; i++) {
                bytes.put((byte) (quants[side + i] & 15 | (quants[side + 64 + i] & 15) << 4));
            }
        }
        for (int side = 0; side < 256; side += 128) {
            for (int i = 0; i < 32; i++) {
                int bits = 0;
                for (int part = 0; part < 4; part++) {
                    bits |= (quants[side + 32 * part + i] >> 4) << 2 * part;
                }
                bytes.put((byte) bits);
            }
        }
        bytes.put(scales);
        float scale = half(bytes, random);
        for (int i = 0; i < 256; i++) {
            weights[at + i] = scale * scales[i / 16] * (quants[i] - 32);
        }
    }
}
