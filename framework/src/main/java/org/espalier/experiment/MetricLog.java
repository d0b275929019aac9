package org.espalier.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

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
        if (length > channel.size()) throw tooShort(file, channel.size(), length);
        channel.truncate(length);
        channel.position(length);
        if (length == 0) waiting.append(HEADER);
    }

    /** Where the whole lines of these runs end, which are the first in the file; 0 if there is no such file. */
    static long end(Path file, Set<String> runs) throws IOException {
        if (!Files.exists(file)) return 0;
        String text = Files.readString(file, StandardCharsets.ISO_8859_1); // a character for each byte
        int end = 0;
        for (int next = text.indexOf('\n') + 1; next > 0; next = text.indexOf('\n', end) + 1) {
            String line = text.substring(end, next);
            if (end > 0 && !runs.contains(line.substring(0, Math.max(0, line.indexOf(','))))) break;
            end = next;
        }
        return end;
    }

    static IOException tooShort(Path file, long size, long needed) {
        return new IOException(file + " has " + size + " bytes, fewer than the " + needed
                + " that the checkpoint counts on; delete the run's folder to start it anew");
    }

    void add(String run, long step, String name, double value) {
        waiting.append(run)
                .append(',')
                .append(step)
                .append(',')
                .append(name)
                .append(',')
                .append(value)
                .append('\n');
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
