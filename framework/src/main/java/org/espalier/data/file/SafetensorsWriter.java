package org.espalier.data.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gathers named arrays and writes them as a safetensors file. The same arrays and texts give the same bytes whatever the
 * order they came in: tensors are laid out by element type, widest first, then by name, as the format's own library
 * does. Arrays are not copied until they are written, so they must not change in between.
 */
public final class SafetensorsWriter implements DurableFile.Body {
    private static final int CHUNK = 1 << 18;

    /** Floats that are made when they are written, so that no more than one tensor, or part of one, need be in memory. */
    @FunctionalInterface
    public interface Values {
        /** Those from number {@code first} on: all of them, or as many as shall be in memory at once. */
        float[] from(int first) throws IOException;
    }

    private record Item(String name, ElementType type, int[] shape, Object array, int elements) {
        Item part(Values made, int first) throws IOException {
            float[] values = made.from(first);
            if (values.length == 0 || values.length > elements - first) {
                throw new IllegalArgumentException("tensor '" + name + "' was given " + values.length
                        + " elements from number " + first + " on, its shape is " + Arrays.toString(shape));
            }
            return new Item(name, type, shape, values, values.length);
        }
    }

    private final Map<String, Item> items = new TreeMap<>();
    private final Map<String, String> metadata = new TreeMap<>();

    /** Adds a text to the file's metadata. */
    public SafetensorsWriter metadata(String key, String text) {
        metadata.put(key, text);
        return this;
    }

    /** Adds an F32 tensor; {@code shape} left out means one dimension. */
    public SafetensorsWriter floats(String name, float[] values, int... shape) {
        return add(name, ElementType.F32, values, values.length, shape);
    }

    /**
     * Adds a tensor of floats in a type of its own.
     *
     * @param type F32, or F16 or BF16, to which values are rounded to the nearest, ties to even
     * @param values asked for while the file is written, from the first to the last; they must be as many as {@code shape} says
     */
    public SafetensorsWriter floats(String name, ElementType type, Values values, int... shape) {
        if (type != ElementType.F32 && type != ElementType.F16 && type != ElementType.BF16) {
            throw new IllegalArgumentException("floats are written as F32, F16 or BF16, not " + type);
        }
        long elements = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
        return put(new Item(name, type, shape.clone(), values, Math.toIntExact(elements)));
    }

    /** Adds an I32 tensor. */
    public SafetensorsWriter ints(String name, int[] values, int... shape) {
        return add(name, ElementType.I32, values, values.length, shape);
    }

    /** Adds an I64 tensor. */
    public SafetensorsWriter longs(String name, long[] values, int... shape) {
        return add(name, ElementType.I64, values, values.length, shape);
    }

    /** Adds a U8 tensor. */
    public SafetensorsWriter bytes(String name, byte[] values, int... shape) {
        return add(name, ElementType.U8, values, values.length, shape);
    }

    /** Adds a BOOL tensor, a byte an element. */
    public SafetensorsWriter booleans(String name, boolean[] values, int... shape) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return add(name, ElementType.BOOL, bytes, bytes.length, shape);
    }

    /** Adds a mask, true is kept, a bit a weight: a flat U8 tensor with the mask's shape in the metadata. */
    public SafetensorsWriter mask(String name, boolean[] keep, int... shape) {
        metadata(PackedMask.key(name), PackedMask.shape(checked(name, keep.length, shape)));
        return bytes(name, PackedMask.pack(keep));
    }

    /** A scalar: a tensor without dimensions. */
    public SafetensorsWriter scalar(String name, float value) {
        return put(new Item(name, ElementType.F32, new int[0], new float[] {value}, 1));
    }

    /** Bytes of all tensors: the file has a header besides. */
    public long bytes() {
        return items.values().stream()
                .mapToLong(item -> (long) item.elements * item.type.bytes())
                .sum();
    }

    /** Writes the file at {@code target}, in one step and lastingly. */
    public Digest write(Path target) throws IOException {
        return DurableFile.replace(target, this);
    }

    @Override
    public void writeTo(WritableByteChannel channel) throws IOException {
        List<Item> order = new ArrayList<>(items.values());
        order.sort(Comparator.comparing(Item::type).reversed().thenComparing(Item::name));
        channel.write(header(order));
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (Item item : order) {
            writeArray(channel, item, chunk);
        }
    }

    private SafetensorsWriter add(String name, ElementType type, Object array, int elements, int[] shape) {
        return put(new Item(name, type, checked(name, elements, shape), array, elements));
    }

    private SafetensorsWriter put(Item item) {
        if (item.name.equals(SafetensorsJson.METADATA) || items.putIfAbsent(item.name, item) != null) {
            throw new IllegalArgumentException("tensor name '" + item.name + "' is taken");
        }
        return this;
    }

    private static int[] checked(String name, int elements, int[] shape) {
        if (shape.length == 0) {
            return new int[] {elements};
        }
        long product = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
        if (product != elements) {
            throw new IllegalArgumentException(
                    "tensor '" + name + "' has " + elements + " elements, its shape is " + Arrays.toString(shape));
        }
        return shape.clone();
    }

    private ByteBuffer header(List<Item> order) {
        List<String> entries = new ArrayList<>();
        if (!metadata.isEmpty()) {
            List<String> texts = new ArrayList<>();
            metadata.forEach((key, text) -> texts.add(quoted(key) + ":" + quoted(text)));
            entries.add(quoted(SafetensorsJson.METADATA) + ":{" + String.join(",", texts) + "}");
        }
        long begin = 0;
        for (Item item : order) {
            long end = begin + (long) item.elements * item.type.bytes();
            String shape = Arrays.toString(item.shape).replace(" ", "");
            entries.add(quoted(item.name) + ":{\"dtype\":\"" + item.type + "\",\"shape\":" + shape
                    + ",\"data_offsets\":[" + begin + "," + end + "]}");
            begin = end;
        }
        byte[] json = ("{" + String.join(",", entries) + "}").getBytes(UTF_8);
        int length = Math.ceilDiv(json.length, Long.BYTES) * Long.BYTES;
        byte[] padded = Arrays.copyOf(json, length);
        Arrays.fill(padded, json.length, length, (byte) ' ');
        ByteBuffer header = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
        return header.putLong(length).put(padded).flip();
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    private static void writeArray(WritableByteChannel channel, Item item, ByteBuffer chunk) throws IOException {
        if (item.array instanceof Values made) {
            for (int first = 0; first < item.elements; ) {
                Item part = item.part(made, first);
                writeArray(channel, part, chunk);
                first += part.elements;
            }
            return;
        }
        int width = item.type.bytes();
        int step = CHUNK / width;
        for (int at = 0; at < item.elements; at += step) {
            int count = Math.min(step, item.elements - at);
            chunk.clear();
            switch (item.array) {
                case float[] values
                when item.type == ElementType.F32 -> chunk.asFloatBuffer().put(values, at, count);
                case float[] values -> putShorts(item.type, values, at, count, chunk);
                case int[] values -> chunk.asIntBuffer().put(values, at, count);
                case long[] values -> chunk.asLongBuffer().put(values, at, count);
                case byte[] values -> chunk.put(0, values, at, count);
                default -> throw new IllegalStateException("no layout for " + item.array.getClass());
            }
            channel.write(chunk.limit(count * width));
        }
    }

    private static void putShorts(ElementType type, float[] values, int at, int count, ByteBuffer chunk) {
        for (int i = 0; i < count; i++) {
            float value = values[at + i];
            chunk.putShort(2 * i, type == ElementType.F16 ? Float.floatToFloat16(value) : bfloat16(value));
        }
    }

    /** The upper half of the float that is nearest, of two the even one; NaN stays NaN. */
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int rounded = Float.isNaN(value) ? bits | 1 << 22 : bits + 0x7FFF + (bits >>> 16 & 1);
        return (short) (rounded >>> 16);
    }
}
