package org.espalier.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Lines {@code run,step,name,value} appended to a file. A checkpoint notes how long the file was; what a killed process
 * wrote after that is cut off, so that going on writes it again, once.
 */
final class MetricLog implements AutoCloseable {
    private static final String HEADER = "run,step,name,value\n";

    private final FileChannel channel;
    private final StringBuilder waiting = new StringBuilder();

    /** @param length how much of the file is to be kept; 0 for a new file */
    MetricLog(Path file, long length) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (length > channel.size())
            throw new IOException(file + " has " + channel.size() + " bytes, fewer than the " + length
                    + " that the checkpoint counts on; delete the run's folder to start it anew");
        channel.truncate(length);
        channel.position(length);
        if (length == 0) waiting.append(HEADER);
    }

    void add(String run, long step, String name, double value) {
        waiting.append(run).append(',').append(step).append(',').append(name).append(',').append(value).append('\n');
        if (waiting.length() > 1 << 16) write();
    }

    /** Appends lines that were logged before, without their header. */
    void addLines(String lines) {
        waiting.append(lines);
    }

    private void write() {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(waiting.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) channel.write(bytes);
            waiting.setLength(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Brings everything to the disk and says how long the file is. */
    long force() throws IOException {
        write();
        channel.force(false);
        return channel.position();
    }

    @Override
    public void close() throws IOException {
        write();
        channel.close();
    }
}
