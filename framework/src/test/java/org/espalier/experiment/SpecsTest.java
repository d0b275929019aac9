package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.models.Zoo;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every spec in the folder {@code experiments} can be read, planned, written out and read again. */
class SpecsTest {
    static final Path EXPERIMENTS = Path.of("..", "experiments");

    static List<Path> specs() throws IOException {
        try (Stream<Path> files = Files.walk(EXPERIMENTS)) {
            return files.filter(f -> f.toString().endsWith(".yaml"))
                    .filter(f -> !f.getParent().endsWith("base"))
                    .sorted()
                    .toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> areRead() throws IOException {
        return specs().stream()
                .map(file ->
                        DynamicTest.dynamicTest(EXPERIMENTS.relativize(file).toString(), () -> {
                            Experiment experiment = Experiment.read(file, "");
                            Program program =
                                    Planner.plan(experiment, new Zoo.Places(file.getParent(), Path.of("../datasets")));
                            assertThat(program.stages()).isNotEmpty();
                            assertThat(experiment.name() + ".yaml")
                                    .isEqualTo(file.getFileName().toString());
                            Path again = Files.createTempFile("resolved", ".yaml");
                            Files.writeString(again, experiment.resolved());
                            assertThat(Experiment.read(again, "")).isEqualTo(experiment);
                            assertThat(Key.of(Experiment.read(again, ""))).isEqualTo(Key.of(experiment));
                            Files.delete(again);
                        }));
    }

    @Test
    void thereAreSome() throws IOException {
        assertThat(specs()).hasSizeGreaterThan(10);
    }
}
