package org.espalier.launch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.IntStream;

/**
 * A file mapped into memory, of any length, to be read by any number of threads: weights go from its pages straight into
 * the array they are wanted in. Numbers are little-endian and may lie anywhere. Reading past the end is an
 * {@link IndexOutOfBoundsException}; reading after {@link #close} an {@link IllegalStateException}.
 */
public final class MappedFile implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Weights that one thread decodes at a time: half a megabyte of floats. */
    private static final int CHUNK = 1 << 17;

    private final Path path;
    private final Arena arena;
    private final MemorySegment bytes;

    private MappedFile(Path path, Arena arena, MemorySegment bytes) {
        this.path = path;
        this.arena = arena;
        this.bytes = bytes;
    }

    /** Maps the whole of {@code path}. */
    public static MappedFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new MappedFile(path, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    /** Its length in bytes when it was opened. */
    public long size() {
        return bytes.byteSize();
    }

    public byte byteAt(long at) {
        return bytes.get(JAVA_BYTE, at);
    }

    public int intAt(long at) {
        return bytes.get(INT, at);
    }

    public long longAt(long at) {
        return bytes.get(LONG, at);
    }

    /** A copy of {@code count} bytes. */
    public byte[] bytes(long at, int count) {
        return bytes.asSlice(at, count).toArray(JAVA_BYTE);
    }

    /** Decodes all of {@code into}, which begins at byte {@code at}, in slices that the common pool's threads share. */
    public void decode(WeightFormat format, long at, float[] into) throws IOException {
        decode(format, at, into, 0, into.length);
    }

    /**
     * Decodes {@code count} weights that begin at byte {@code at} to {@code into[first]} and on; many of them in slices that the common
     * pool's threads share.
     *
     * @param count a multiple of the format's weights a block
     * @throws IOException if the file became shorter since it was opened
     */
    public void decode(WeightFormat format, long at, float[] into, int first, int count) throws IOException {
        if (count <= CHUNK) {
            chunk(format, at, into, first, count);
            return;
        }
        each(Math.ceilDiv(count, CHUNK), slice -> {
            int done = slice * CHUNK;
            long from = at + (long) (done / format.weights()) * format.bytes();
            chunk(format, from, into, first + done, Math.min(CHUNK, count - done));
        });
    }

    private void chunk(WeightFormat format, long at, float[] into, int first, int count) throws IOException {
        try {
            format.decode(bytes, at, into, first, count / format.weights());
        } catch (InternalError e) {
            throw new IOException(path + " became shorter while it was read", e);
        }
    }

    /** Part of a decoding. */
    public interface Slice {
        void run(int slice) throws IOException;
    }

    /** Runs slices 0 … {@code slices} - 1 on the common pool's threads; an error of one of them ends it. */
    public static void each(int slices, Slice slice) throws IOException {
        try {
            IntStream.range(0, slices).parallel().forEach(i -> {
                try {
                    slice.run(i);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw new IOException(e.getCause().getMessage(), e);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
