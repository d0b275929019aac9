package org.espalier.data.pretrained;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.espalier.launch.WeightFormat;

/** Writes GGUF files by hand, also wrong ones: nothing is checked. */
final class GgufMaker {
    private static final Map<WeightFormat, Integer> NUMBERS = Map.of(
            WeightFormat.F32, 0,
            WeightFormat.F16, 1,
            WeightFormat.Q4_0, 2,
            WeightFormat.Q5_0, 6,
            WeightFormat.Q8_0, 8,
            WeightFormat.Q4_K, 12,
            WeightFormat.Q5_K, 13,
            WeightFormat.Q6_K, 14,
            WeightFormat.BF16, 30);

    private final ByteArrayOutputStream keys = new ByteArrayOutputStream();
    private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private int keyCount;
    private int tensorCount;
    private int version = 3;
    private int alignment = 32;

    static int number(WeightFormat format) {
        return NUMBERS.get(format);
    }

    GgufMaker version(int number) {
        version = number;
        return this;
    }

    GgufMaker alignment(int bytes) {
        alignment = bytes;
        return key("general.alignment", 4, ints(bytes));
    }

    GgufMaker text(String name, String value) {
        return key(name, 8, string(value));
    }

    GgufMaker integer(String name, int value) {
        return key(name, 4, ints(value));
    }

    GgufMaker number(String name, float value) {
        return key(name, 6, ints(Float.floatToIntBits(value)));
    }

    GgufMaker flag(String name, boolean value) {
        return key(name, 7, new byte[] {(byte) (value ? 1 : 0)});
    }

    GgufMaker texts(String name, String... values) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.writeBytes(ints(8));
        list.writeBytes(longs(values.length));
        for (String value : values) {
            list.writeBytes(string(value));
        }
        return key(name, 9, list.toByteArray());
    }

    GgufMaker numbers(String name, float... values) {
        ByteBuffer list = little(12 + 4 * values.length).putInt(6).putLong(values.length);
        for (float value : values) {
            list.putFloat(value);
        }
        return key(name, 9, list.array());
    }

    GgufMaker integers(String name, int... values) {
        ByteBuffer list = little(12 + 4 * values.length).putInt(5).putLong(values.length);
        for (int value : values) {
            list.putInt(value);
        }
        return key(name, 9, list.array());
    }

    /** A key with a value of any type and bytes. */
    GgufMaker key(String name, int type, byte[] value) {
        keys.writeBytes(string(name));
        keys.writeBytes(ints(type));
        keys.writeBytes(value);
        keyCount++;
        return this;
    }

    /** @param shape outermost first, as in Hugging Face's files */
    GgufMaker tensor(String name, WeightFormat format, byte[] bytes, long... shape) {
        tensor(name, number(format), data.size(), shape);
        data.writeBytes(bytes);
        data.writeBytes(new byte[-data.size() & (alignment - 1)]);
        return this;
    }

    GgufMaker floats(String name, float[] values, long... shape) {
        ByteBuffer bytes = little(4 * values.length);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return tensor(name, WeightFormat.F32, bytes.array(), shape);
    }

    /** An entry of the table alone. */
    GgufMaker tensor(String name, int type, long offset, long... shape) {
        tensors.writeBytes(string(name));
        tensors.writeBytes(ints(shape.length));
        for (int d = shape.length - 1; d >= 0; d--) {
            tensors.writeBytes(longs(shape[d]));
        }
        tensors.writeBytes(ints(type));
        tensors.writeBytes(longs(offset));
        tensorCount++;
        return this;
    }

    byte[] bytes() {
        return bytes(tensorCount, keyCount);
    }

    byte[] bytes(long tensorsPromised, long keysPromised) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes("GGUF".getBytes(UTF_8));
        file.writeBytes(ints(version));
        file.writeBytes(longs(tensorsPromised));
        file.writeBytes(longs(keysPromised));
        file.writeBytes(keys.toByteArray());
        file.writeBytes(tensors.toByteArray());
        if (tensorCount > 0) {
            file.writeBytes(new byte[-file.size() & (alignment - 1)]);
        }
        file.writeBytes(data.toByteArray());
        return file.toByteArray();
    }

    static byte[] string(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return little(8 + bytes.length).putLong(bytes.length).put(bytes).array();
    }

    static byte[] ints(int value) {
        return little(4).putInt(value).array();
    }

    static byte[] longs(long value) {
        return little(8).putLong(value).array();
    }

    static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The keys of a Llama with one block of two heads of width 4, and its tensors in F32 counting up from 0. */
    static GgufMaker tinyLlama() {
        GgufMaker maker = new GgufMaker()
                .text("general.architecture", "llama")
                .integer("llama.block_count", 1)
                .integer("llama.embedding_length", 8)
                .integer("llama.feed_forward_length", 16)
                .integer("llama.context_length", 64)
                .integer("llama.attention.head_count", 2)
                .integer("llama.attention.head_count_kv", 1)
                .number("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .number("llama.rope.freq_base", 500_000f);
        maker.count("token_embd.weight", 10, 8).count("output_norm.weight", 8);
        maker.count("blk.0.attn_norm.weight", 8)
                .count("blk.0.attn_q.weight", 8, 8)
                .count("blk.0.attn_k.weight", 4, 8);
        maker.count("blk.0.attn_v.weight", 4, 8).count("blk.0.attn_output.weight", 8, 8);
        return maker.count("blk.0.ffn_norm.weight", 8)
                .count("blk.0.ffn_gate.weight", 16, 8)
                .count("blk.0.ffn_up.weight", 16, 8)
                .count("blk.0.ffn_down.weight", 8, 16);
    }

    /** A tensor whose elements count up from 0. */
    GgufMaker count(String name, long... shape) {
        int size = 1;
        for (long dimension : shape) {
            size *= (int) dimension;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = i;
        }
        return floats(name, values, shape);
    }
}
