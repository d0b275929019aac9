package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    @Test
    void removesWhatAKilledProcessLeftWhereverItIs(@TempDir Path home) throws IOException {
        for (String left :
                List.of(".tmp-1-a-0", "model/.tmp-1-a-1", "selections/seed-1/.tmp-1-a-2", "x/y/.tmp-1-a-3/z")) {
            Files.createDirectories(home.resolve(left).getParent());
            Files.writeString(home.resolve(left), "half");
        }
        Files.writeString(home.resolve("selections/seed-1/hard.csv"), "whole");
        new RunFolder(home).clean();
        try (Stream<Path> all = Files.walk(home)) {
            assertThat(all.filter(Files::isRegularFile)).containsExactly(home.resolve("selections/seed-1/hard.csv"));
        }
    }
}
