package org.espalier.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
    @TempDir
    Path folder;

    private static SafetensorsWriter arrays(float value) {
        return new SafetensorsWriter().floats("w", new float[] {value, 2});
    }

    @Test
    void whatIsSavedIsLoaded() throws IOException {
        Map<String, Object> state = Map.of(
                "step", 12_000, "best", Double.POSITIVE_INFINITY, "loss", 0.1, "cuts", List.of(1, 2), "done", false);
        Snapshot.save(folder, state, arrays(1));
        Snapshot found = Snapshot.latest(folder).orElseThrow();
        assertThat(found.number()).isEqualTo(1);
        assertThat(found.passedOver()).isEmpty();
        assertThat(found.state())
                .containsEntry("step", 12_000L)
                .containsEntry("best", Double.POSITIVE_INFINITY)
                .containsEntry("loss", 0.1)
                .containsEntry("cuts", List.of(1L, 2L))
                .containsEntry("done", false);
        try (Safetensors read = found.arrays()) {
            assertThat(read.floats("w")).containsExactly(1, 2);
        }
    }

    @Test
    void anEmptyOrAbsentFolderHasNone() throws IOException {
        assertThat(Snapshot.latest(folder)).isEmpty();
        assertThat(Snapshot.latest(folder.resolve("absent"))).isEmpty();
    }

    @Test
    void theNewestTwoAreKept() throws IOException {
        for (int i = 1; i <= 5; i++) {
            assertThat(Snapshot.save(folder, Map.of("step", i), arrays(i)).number())
                    .isEqualTo(i);
        }
        assertThat(names()).containsExactly("00000004", "00000005");
    }

    @Test
    void aDamagedOneIsPassedOverAndSaidSo() throws IOException {
        Snapshot.save(folder, Map.of("step", 1), arrays(1));
        Snapshot second = Snapshot.save(folder, Map.of("step", 2), arrays(2));
        Path file = second.folder().resolve(Snapshot.ARRAYS);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(bytes.length() - 1);
            bytes.write(bytes.read() ^ 1);
        }
        Snapshot found = Snapshot.latest(folder).orElseThrow();
        assertThat(found.state()).containsEntry("step", 1L);
        assertThat(found.passedOver()).singleElement().asString().contains("00000002", Snapshot.ARRAYS, "SHA-256");
        Files.delete(found.folder().resolve(Snapshot.MANIFEST));
        assertThat(Snapshot.latest(folder)).isEmpty();
    }

    @Test
    void anotherProcessesLeftOversAreRemoved() throws IOException {
        Path stale = Files.createDirectories(folder.resolve(".tmp-1-abc-1"));
        Files.writeString(stale.resolve(Snapshot.ARRAYS), "half");
        assertThat(Snapshot.latest(folder)).isEmpty();
        Snapshot.clean(folder);
        assertThat(names()).isEmpty();
    }

    @Test
    void savingIntoAFileNamesIt() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> Snapshot.save(file, Map.of(), arrays(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }

    /** LeNet-300-100 with Adam's two moments, 266,610 weights each: what a run writes every half a minute. */
    @Test
    void aPerceptronsCheckpointTakesMilliseconds() throws IOException {
        float[] weights = new float[266_610];
        Random random = new Random(1);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.nextFloat();
        }
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 8; i++) {
            long start = System.nanoTime();
            SafetensorsWriter arrays = new SafetensorsWriter();
            Stream.of("w", "m", "v").forEach(name -> arrays.floats(name, weights));
            Snapshot.save(folder, Map.of("step", i), arrays);
            best = Math.min(best, (System.nanoTime() - start) / 1e6);
        }
        System.out.printf("checkpoint of 3.2 MB: %.1f ms%n", best);
        assertThat(best).isLessThan(1000);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
