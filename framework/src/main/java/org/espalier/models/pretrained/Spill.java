package org.espalier.models.pretrained;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.engine.Parameter;

/** One parameter on the disk: in the model's own files as long as it is as it was, in a file of 32-bit floats once it was changed. */
final class Spill implements Parameter.Backing {
    private static final int CHUNK = 1 << 20;

    private final Checkpoint file;
    private final Storage storage;
    private final Parameter parameter;
    private final Path changed;

    /** @param changed where changed values go; the file does not exist yet */
    Spill(Checkpoint file, Storage storage, Parameter parameter, Path changed) {
        this.file = file;
        this.storage = storage;
        this.parameter = parameter;
        this.changed = changed;
    }

    @Override
    public void read(float[] into) {
        try {
            if (Files.exists(changed)) take(0, into, 0, into.length);
            else storage.read(file, parameter, into);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void rows(int first, int count, float[] into, int at) {
        int columns = parameter.columns();
        try {
            if (Files.exists(changed)) take((long) first * columns * Float.BYTES, into, at, count * columns);
            else storage.rows(file, parameter, first, count, into, at);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException("reading " + parameter.name() + ": " + e.getMessage(), e);
    }

    private void take(long from, float[] into, int first, int count) throws IOException {
        try (FileChannel channel = FileChannel.open(changed).position(from)) {
            ByteBuffer chunk = chunk();
            for (int done = 0; done < count; ) {
                int now = Math.min(CHUNK / Float.BYTES, count - done);
                chunk.clear().limit(now * Float.BYTES);
                while (chunk.hasRemaining())
                    if (channel.read(chunk) < 0) throw new IOException(changed + " is shorter than what was written");
                chunk.flip().asFloatBuffer().get(into, first + done, now);
                done += now;
            }
        }
    }

    @Override
    public void write(float[] values) {
        try (FileChannel channel = FileChannel.open(
                changed, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer chunk = chunk();
            for (int at = 0; at < values.length; ) {
                int count = Math.min(CHUNK / Float.BYTES, values.length - at);
                chunk.clear();
                chunk.asFloatBuffer().put(values, at, count);
                chunk.limit(count * Float.BYTES);
                while (chunk.hasRemaining()) channel.write(chunk);
                at += count;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("putting " + parameter.name() + " aside: " + e.getMessage(), e);
        }
    }

    private static ByteBuffer chunk() {
        return ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    }
}
