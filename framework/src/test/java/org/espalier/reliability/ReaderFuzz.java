package org.espalier.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.espalier.data.file.FileFormatException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A minute of files which Jazzer makes out of sound ones ({@code static Stream<byte[]> seeds()} of the subclass), led by the branches that
 * they reach in the reader ({@code make fuzz}). Each loads or ends in one typed error that names the file and a place in it,
 * within {@link ReadingCosts}.
 */
public abstract class ReaderFuzz {
    private static final long MARGIN = 64 << 20;

    @TempDir
    protected static Path folder;

    private static ReadingCosts costs;
    private static long loaded;

    /** Reads all that is in {@code file}. */
    protected abstract void read(Path file) throws IOException;

    /** What the file is called; some readers go by it. */
    protected String name() {
        return "fuzzed";
    }

    @BeforeAll
    static void begin() {
        costs = new ReadingCosts(MARGIN);
        loaded = 0;
    }

    @Timeout(20) // for one file: Jazzer takes it so, and "make fuzz" tells JUnit not to
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "60s")
    void loadsOrIsRefused(byte[] bytes) throws IOException {
        Path file = folder.resolve(name());
        Files.deleteIfExists(file); // some file systems flush a file that is truncated and written again
        Files.write(file, bytes);
        Optional<FileFormatException> refused = costs.of(file, () -> refused(file));
        if (refused.isPresent()) {
            assertThat(refused.get()).hasMessageStartingWith(folder + "/");
            assertThat(refused.get().offset()).isBetween(0L, (long) bytes.length);
        } else {
            loaded++;
        }
    }

    private Optional<FileFormatException> refused(Path file) throws IOException {
        try {
            read(file);
            return Optional.empty();
        } catch (FileFormatException e) {
            return Optional.of(e);
        }
    }

    @AfterAll
    static void report(TestInfo test) {
        System.out.printf("%s: %s, %,d loaded%n", test.getDisplayName(), costs, loaded);
    }
}
