package org.espalier.data.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;

/**
 * An open safetensors file: named arrays, mapped into memory and copied out on request. A file that breaks the format in
 * any way is refused on opening with a {@link FileFormatException}; NaN and infinite values are legal.
 *
 * <p>Every element type of the format may stand in the file; arrays are handed out for F32, I32, I64, U8 and BOOL, and
 * {@link #raw} gives the bytes of the others.
 */
public final class Safetensors implements AutoCloseable {
    /** The largest header the format allows, in bytes. */
    public static final long HARD_HEADER_LIMIT = 100_000_000;

    /** The largest header accepted unless the caller says otherwise, in bytes. */
    public static final long HEADER_LIMIT = 25_000_000;

    private final Path file;
    private final FileChannel channel;
    private final SafetensorsHeader header;

    /** The whole file, once a tensor was read; null as long as none was, or where one buffer cannot hold the file. */
    private ByteBuffer whole;

    private Safetensors(Path file, FileChannel channel, SafetensorsHeader header) {
        this.file = file;
        this.channel = channel;
        this.header = header;
    }

    /** Opens {@code file} and checks the whole of its header, which may have {@value #HEADER_LIMIT} bytes. */
    public static Safetensors open(Path file) throws IOException {
        return open(file, HEADER_LIMIT);
    }

    /**
     * Opens {@code file} and checks the whole of its header.
     *
     * @param headerLimit most bytes of header to accept, itself at most {@value #HARD_HEADER_LIMIT}
     */
    public static Safetensors open(Path file, long headerLimit) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            long limit = Math.min(headerLimit, HARD_HEADER_LIMIT);
            return new Safetensors(file, channel, SafetensorsHeader.parse(file, channel, limit));
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /** The tensors by name, in the order of the header. */
    public Map<String, StoredTensor> tensors() {
        return Collections.unmodifiableMap(header.tensors());
    }

    /** The free-form texts the writer put beside the tensors. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /** A copy of an F32 tensor, last dimension fastest. */
    public float[] floats(String name) throws IOException {
        StoredTensor tensor = tensor(name, ElementType.F32);
        float[] values = new float[length(tensor)];
        bytesOf(tensor).asFloatBuffer().get(values);
        return values;
    }

    /** A copy of an I32 tensor. */
    public int[] ints(String name) throws IOException {
        StoredTensor tensor = tensor(name, ElementType.I32);
        int[] values = new int[length(tensor)];
        bytesOf(tensor).asIntBuffer().get(values);
        return values;
    }

    /** A copy of an I64 tensor. */
    public long[] longs(String name) throws IOException {
        StoredTensor tensor = tensor(name, ElementType.I64);
        long[] values = new long[length(tensor)];
        bytesOf(tensor).asLongBuffer().get(values);
        return values;
    }

    /** A copy of a U8 tensor. */
    public byte[] bytes(String name) throws IOException {
        return copy(tensor(name, ElementType.U8));
    }

    /** A copy of a BOOL tensor. */
    public boolean[] booleans(String name) throws IOException {
        StoredTensor tensor = tensor(name, ElementType.BOOL);
        byte[] stored = copy(tensor);
        boolean[] values = new boolean[stored.length];
        for (int i = 0; i < values.length; i++) {
            if (stored[i] != 0 && stored[i] != 1) {
                throw new FileFormatException(
                        file, tensor.begin() + i, "tensor '" + name + "' holds a BOOL that is neither 0 nor 1");
            }
            values[i] = stored[i] == 1;
        }
        return values;
    }

    /** A mask that {@link SafetensorsWriter#mask} wrote: true is kept. */
    public boolean[] mask(String name) throws IOException {
        StoredTensor tensor = tensor(name, ElementType.U8);
        return PackedMask.read(file, tensor, metadata().get(PackedMask.key(name)), copy(tensor));
    }

    /** The bytes of any tensor as they lie in the file, little-endian and read-only. */
    public ByteBuffer raw(String name) throws IOException {
        StoredTensor tensor = tensor(name);
        length(tensor);
        return bytesOf(tensor);
    }

    /** Where the tensor {@code name} lies; an error that lists the names where there is none such. */
    public StoredTensor tensor(String name) throws IOException {
        StoredTensor tensor = header.tensors().get(name);
        if (tensor == null) {
            String names = String.join(
                    ", ", header.tensors().keySet().stream().limit(20).toList());
            throw new IOException(file + " has no tensor '" + name + "'; it has " + names);
        }
        return tensor;
    }

    private StoredTensor tensor(String name, ElementType wanted) throws IOException {
        StoredTensor tensor = tensor(name);
        if (tensor.type() != wanted) {
            throw new IOException(file + ": tensor '" + name + "' is " + tensor.type() + ", not " + wanted);
        }
        return tensor;
    }

    private int length(StoredTensor tensor) throws IOException {
        if (tensor.bytes() > Integer.MAX_VALUE - 8) {
            throw new IOException(file + ": tensor '" + tensor.name() + "' has " + tensor.bytes()
                    + " bytes, more than are read at once");
        }
        return (int) tensor.elements();
    }

    private byte[] copy(StoredTensor tensor) throws IOException {
        byte[] values = new byte[length(tensor)];
        bytesOf(tensor).get(values);
        return values;
    }

    private synchronized ByteBuffer bytesOf(StoredTensor tensor) throws IOException {
        if (whole == null && channel.size() <= Integer.MAX_VALUE) {
            whole = map(0, channel.size());
        }
        ByteBuffer bytes = whole == null
                ? map(tensor.begin(), tensor.bytes())
                : whole.slice((int) tensor.begin(), (int) tensor.bytes());
        return bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer map(long begin, long length) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, begin, length);
    }

    /** Arrays that were handed out stay valid. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
