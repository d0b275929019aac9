package org.espalier.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each call to the disk fails in turn, and the disk fills up: the previous snapshot loads or the new one, never neither. */
@Tag("reliability")
class FaultyDiskTest {
    private static final int TENSORS = 6;
    private static int faults;
    private static int previous;
    private static int next;

    @TempDir
    Path root;

    private Path folder;

    @BeforeEach
    void emptyFolder() {
        folder = root.resolve("checkpoint");
    }

    /** How a call fails. */
    private enum Fault {
        /** Nothing is done. */
        BEFORE,
        /** Half of the bytes are written; other calls are done wholly, and fail all the same. */
        HALFWAY,
        /** The process dies: nothing is tidied up. */
        DEATH,
        /** The call reports success, but what was written is not what was meant. */
        LIE
    }

    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Fails at the call of one number, or when it has taken so many bytes. */
    private static final class FaultyDisk implements Disk {
        private final int failing;
        private final Fault fault;
        private long space;
        private int calls;

        FaultyDisk(int failing, Fault fault, long space) {
            this.failing = failing;
            this.fault = fault;
            this.space = space;
        }

        private interface Call {
            void run() throws IOException;
        }

        private void call(Call call, Call half) throws IOException {
            if (++calls != failing) {
                call.run();
                return;
            }
            if (fault != Fault.BEFORE) {
                half.run();
            }
            if (fault == Fault.DEATH) {
                throw new Death();
            }
            if (fault != Fault.LIE) {
                throw new IOException("the disk failed");
            }
        }

        @Override
        public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
            if (bytes.remaining() > space) {
                bytes.limit(bytes.position() + (int) space);
                Disk.REAL.write(channel, bytes);
                throw new IOException("No space left on device");
            }
            space -= bytes.remaining();
            call(() -> Disk.REAL.write(channel, bytes), () -> {
                int end = bytes.limit();
                Disk.REAL.write(channel, bytes.limit(bytes.position() + bytes.remaining() / 2));
                bytes.limit(end).position(end);
            });
        }

        @Override
        public void force(FileChannel channel) throws IOException {
            call(() -> Disk.REAL.force(channel), () -> Disk.REAL.force(channel));
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            call(() -> Disk.REAL.move(from, to), () -> Disk.REAL.move(from, to));
        }

        @Override
        public void sync(Path path) throws IOException {
            call(() -> Disk.REAL.sync(path), () -> Disk.REAL.sync(path));
        }
    }

    private static SafetensorsWriter arrays(float value) {
        SafetensorsWriter arrays = new SafetensorsWriter();
        for (int i = 0; i < TENSORS; i++) {
            float[] values = new float[1000];
            Arrays.fill(values, value);
            arrays.floats("t" + i, values);
        }
        return arrays;
    }

    private void saveOn(Disk disk, int step) throws IOException {
        new SnapshotFolder(folder, disk).save(Map.of("step", step), arrays(step));
    }

    /** Two sound snapshots, then a third on the faulty disk. */
    private void trial(FaultyDisk disk) throws IOException {
        if (Files.exists(folder)) {
            DurableFile.deleteTree(folder);
        }
        saveOn(Disk.REAL, 1);
        saveOn(Disk.REAL, 2);
        Throwable error = catchThrowable(() -> saveOn(disk, 3));
        assertThat(error).isNotNull();
        if (!(error instanceof Death)) {
            assertThat(error).isInstanceOf(IOException.class).hasMessageContainingAll("00000003", " MB free");
            assertThat(names()).noneMatch(name -> name.startsWith(".tmp"));
        }
        long loaded = loaded();
        assertThat(loaded).isBetween(2L, 3L);
        saveOn(Disk.REAL, 4);
        assertThat(loaded()).isEqualTo(4);
        faults++;
        previous += loaded == 2 ? 1 : 0;
        next += loaded == 3 ? 1 : 0;
    }

    /** The step of the snapshot that loads; its arrays must be those of that step. */
    private long loaded() throws IOException {
        Snapshot found = Snapshot.latest(folder).orElseThrow();
        long step = (Long) found.state().get("step");
        try (Safetensors read = found.arrays()) {
            for (int i = 0; i < TENSORS; i++) {
                assertThat(read.floats("t" + i)).hasSize(1000).containsOnly(step);
            }
        }
        return step;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).toList();
        }
    }

    private int calls() throws IOException {
        FaultyDisk counting = new FaultyDisk(0, Fault.BEFORE, Long.MAX_VALUE);
        saveOn(counting, 1);
        return counting.calls;
    }

    @Test
    void everyCallMayFail() throws IOException {
        int calls = calls();
        for (Fault fault : List.of(Fault.BEFORE, Fault.HALFWAY, Fault.DEATH)) {
            for (int failing = 1; failing <= calls; failing++) {
                trial(new FaultyDisk(failing, fault, Long.MAX_VALUE));
            }
        }
        assertThat(previous).isPositive();
        assertThat(next).isPositive();
    }

    @Test
    void aWriteThatLiesIsFoundOutBeforeTheSnapshotCounts() throws IOException {
        for (int failing = 1; failing <= TENSORS + 1; failing++) {
            trial(new FaultyDisk(failing, Fault.LIE, Long.MAX_VALUE));
        }
    }

    @Test
    void theDiskMayFillUpAnywhere() throws IOException {
        FaultyDisk counting = new FaultyDisk(0, Fault.BEFORE, Long.MAX_VALUE);
        saveOn(counting, 1);
        long all = Long.MAX_VALUE - counting.space;
        for (int tenth = 0; tenth < 10; tenth++) {
            trial(new FaultyDisk(0, Fault.BEFORE, tenth * (all - 1) / 9));
        }
    }

    @Test
    void aSingleFileIsReplacedWhollyOrNotAtAll() throws IOException {
        Path file = root.resolve("status.json");
        for (int failing = 1; failing <= 4; failing++) {
            DurableFile.replace(file, channel -> channel.write(ByteBuffer.wrap("old".getBytes())));
            FaultyDisk disk = new FaultyDisk(failing, Fault.HALFWAY, Long.MAX_VALUE);
            Throwable error = catchThrowable(() ->
                    DurableFile.replace(disk, file, channel -> channel.write(ByteBuffer.wrap("newer".getBytes()))));
            assertThat(error).isInstanceOf(IOException.class).hasMessageContainingAll("status.json", " MB free");
            assertThat(Files.readString(file)).isIn("old", "newer");
            assertThat(root.toFile().list()).containsExactly("status.json");
        }
    }

    @Test
    void arraysThatAreOpenSurviveTheSnapshotTheyCameFrom() throws IOException {
        saveOn(Disk.REAL, 1);
        try (Safetensors mapped = Snapshot.latest(folder).orElseThrow().arrays()) {
            assertThat(mapped.floats("t0")).containsOnly(1);
            for (int step = 2; step < 6; step++) {
                saveOn(Disk.REAL, step);
            }
            assertThat(names()).doesNotContain("00000001");
            assertThat(mapped.floats("t5")).containsOnly(1);
        }
    }

    @AfterAll
    static void report() {
        System.out.printf(
                "snapshots: %d faults; %d times the previous loaded, %d times the new%n", faults, previous, next);
    }
}
