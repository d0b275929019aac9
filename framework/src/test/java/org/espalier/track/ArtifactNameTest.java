package org.espalier.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactNameTest {
    private static final List<String> HOSTILE = List.of(
            "..",
            "../x",
            "a/../../b",
            "%2e%2e%2fx",
            "..;/x",
            "#../x",
            "/etc/passwd",
            "C:\\x",
            "a\\..\\b",
            "",
            "a\0b",
            "x".repeat(300),
            "x.",
            "a./b",
            "con",
            "a/NUL.txt",
            "a//b",
            "a/",
            "./a",
            "a\nb",
            "~/x y",
            "café");

    @TempDir
    Path folder;

    @Test
    void hostileNamesAreRefused() {
        for (String name : HOSTILE) {
            assertThatThrownBy(() -> ArtifactName.check(name))
                    .as("'%s'", name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void ordinaryNamesAreTaken() {
        for (String name :
                List.of("report.html", "figures/accuracy_1-2.svg", "model/seed-1.safetensors", ".x", "a..b")) {
            assertThat(ArtifactName.check(name)).isEqualTo(name);
        }
    }

    @Test
    void nothingIsWrittenOrSentForThem() throws IOException {
        List<String> notices = Collections.synchronizedList(new ArrayList<>());
        Path inner = folder.resolve("a/b/c");
        Path loose = Files.writeString(folder.resolve("loose"), "text");
        List<Event> events = Collections.synchronizedList(new ArrayList<>());
        Sink sink = new Sink() {
            @Override
            public String name() {
                return "list";
            }

            @Override
            public void write(List<Event> some) {
                events.addAll(some);
            }

            @Override
            public void force() {}

            @Override
            public void close() {}
        };
        RunInfo info = RunInfo.of(RunInfo.id("x"), "x", "x", inner);
        for (Tracker tracker : List.of(
                LocalStore.tracker(inner.resolve("mlflow.db"), notices::add), new Recorder(sink, notices::add, 1000))) {
            Tracker.Run run = tracker.start(info);
            HOSTILE.forEach(name -> run.artifact(name, loose));
            run.end(RunStatus.FINISHED);
            tracker.close();
        }
        assertThat(notices).hasSize(2 * HOSTILE.size());
        assertThat(events).hasSize(2).noneMatch(Event.Artifact.class::isInstance);
        for (String name : HOSTILE) {
            assertThatThrownBy(() -> new ArtifactFolder(inner).add(name, loose))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        try (Stream<Path> files = Files.walk(folder).filter(Files::isRegularFile)) {
            assertThat(files.map(file -> folder.relativize(file).toString()))
                    .containsExactlyInAnyOrder("loose", "a/b/c/mlflow.db", "a/b/c/mlflow.db.lock");
        }
        System.out.printf("artifact names: %d hostile names refused, 0 files written, 0 requests%n", HOSTILE.size());
    }

    @Test
    void aLinkOutOfTheFolderIsNotFollowed() throws IOException {
        Path inner = Files.createDirectories(folder.resolve("run"));
        Path loose = Files.writeString(folder.resolve("loose"), "text");
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.createSymbolicLink(inner.resolve("link"), outside);
        assertThatThrownBy(() -> new ArtifactFolder(inner).add("link/x", loose))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(outside).isEmptyDirectory();
    }
}
