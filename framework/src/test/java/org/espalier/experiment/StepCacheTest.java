package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.espalier.data.file.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepCacheTest {
    @TempDir
    private Path home;

    @Test
    void givesAStagesResultToTheDeviceThatComputedItAndToNoOther() throws IOException {
        Program cpu = Toy.program(""), other = cpu.on("another");
        cache(cpu).put(cpu.stages(), 1, new SafetensorsWriter().floats("x", new float[] {1}, 1), "", "");
        assertThat(cache(cpu).longest(cpu.stages())).isPresent();
        assertThat(cache(other).longest(other.stages())).isEmpty();
    }

    @Test
    void dropsWhatWasNotUsedForTheLongestTime() throws Exception {
        Program program = Toy.program("");
        float[] thousand = new float[250];
        CacheRoom room = new CacheRoom(home, 10_000, 0);
        for (int seed = 1; seed <= 4; seed++) {
            StepCache cache = new StepCache(room, program, seed, Map.of());
            assertThat(cache.put(program.stages(), 1, new SafetensorsWriter().floats("x", thousand, 250), "", ""))
                    .isTrue();
            Thread.sleep(20);
            assertThat(new StepCache(room, program, 1, Map.of()).longest(program.stages()))
                    .as("used all the time")
                    .isPresent();
            Thread.sleep(20);
        }
        long kept = 0;
        try (Stream<Path> files = Files.walk(home)) {
            kept = files.filter(Files::isRegularFile)
                    .mapToLong(f -> f.toFile().length())
                    .sum();
        }
        assertThat(new CacheRoom(home, kept, 0).make(1_000)).isTrue();
        assertThat(new StepCache(room, program, 1, Map.of()).longest(program.stages()))
                .isPresent();
        assertThat(new StepCache(room, program, 2, Map.of()).longest(program.stages()))
                .isEmpty();
        assertThat(new StepCache(room, program, 4, Map.of()).longest(program.stages()))
                .isPresent();
    }

    @Test
    void keepsNothingWhereThereIsNoRoom() throws IOException {
        Program program = Toy.program("");
        SafetensorsWriter arrays = new SafetensorsWriter().floats("x", new float[250], 250);
        for (CacheRoom room : List.of(new CacheRoom(home, 999, 0), new CacheRoom(home, 10_000, Long.MAX_VALUE / 2))) {
            StepCache cache = new StepCache(room, program, 1, Map.of());
            assertThat(cache.put(program.stages(), 1, arrays, "", "")).isFalse();
            assertThat(cache.longest(program.stages())).isEmpty();
        }
    }

    @Test
    void severalMayMakeRoomAtOnce() throws Exception {
        for (int entry = 0; entry < 40; entry++) {
            Files.createDirectories(home.resolve("entry-" + entry));
            Files.write(home.resolve("entry-" + entry).resolve("arrays"), new byte[1000]);
        }
        List<Boolean> made =
                new ArrayList<>(); // each finds room: the first by dropping entries, the others because it did
        try (var threads = Executors.newFixedThreadPool(4)) {
            Callable<Boolean> room = () -> new CacheRoom(home, 2_000, 0).make(1_000);
            for (var each : threads.invokeAll(Collections.nCopies(4, room))) made.add(each.get());
        }
        assertThat(made).containsOnly(true);
        try (Stream<Path> left = Files.list(home)) {
            assertThat(left.count()).isLessThanOrEqualTo(1);
        }
    }

    private StepCache cache(Program program) {
        return new StepCache(home, program, 1, Map.of("train", "digest"));
    }
}
