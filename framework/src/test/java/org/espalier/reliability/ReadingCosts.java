package org.espalier.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What reading files costs, sound or not: less than a second, and of memory the file's size and a margin. Everything allocated
 * counts, also what was free again at once.
 */
public final class ReadingCosts {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final double MOST_SECONDS = 1;

    private final long margin;
    private long files;
    private double slowest;
    private long largest;

    /** @param margin of memory, in bytes */
    public ReadingCosts(long margin) {
        this.margin = margin;
    }

    /** A way to read a file. */
    public interface Reading<T> {
        T run() throws IOException;
    }

    /** The result of reading {@code file} within the limits; who breaks them at first, loading classes, may read again. */
    public <T> T of(Path file, Reading<T> reading) throws IOException {
        Measured<T> first = measured(file, reading);
        Measured<T> counted = first.seconds < MOST_SECONDS && first.extra < margin ? first : measured(file, reading);
        files++;
        slowest = Math.max(slowest, counted.seconds);
        largest = Math.max(largest, counted.extra);
        assertThat(counted.seconds).as("seconds").isLessThan(MOST_SECONDS);
        assertThat(counted.extra).as("bytes over the file's size").isLessThan(margin);
        return counted.result;
    }

    private record Measured<T>(T result, double seconds, long extra) {}

    private static <T> Measured<T> measured(Path file, Reading<T> reading) throws IOException {
        long thread = Thread.currentThread().threadId();
        long memory = THREADS.getThreadAllocatedBytes(thread);
        long start = THREADS.getCurrentThreadCpuTime();
        T result = reading.run();
        double seconds = (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
        long allocated = THREADS.getThreadAllocatedBytes(thread) - memory;
        return new Measured<>(result, seconds, allocated - Files.size(file));
    }

    @Override
    public String toString() {
        return "%,d files, slowest %.0f ms, most memory %.1f MB over the file's size"
                .formatted(files, slowest * 1e3, largest / 1e6);
    }
}
