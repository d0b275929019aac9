package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.espalier.data.file.FileFormatException;
import org.espalier.reliability.ReaderFuzz;
import org.espalier.spec.Binder;
import org.espalier.spec.SpecException;
import org.espalier.spec.Yaml;

class SpecFuzzTest extends ReaderFuzz {
    static Stream<byte[]> seeds() throws IOException {
        try (Stream<Path> specs = Files.walk(Path.of("../experiments"))) {
            return specs.filter(path -> path.toString().endsWith(".yaml")).map(SpecFuzzTest::bytes).toList().stream();
        }
    }

    private static byte[] bytes(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    protected void read(Path file) throws IOException {
        try {
            Binder.bind(Experiment.class, Yaml.read(file));
        } catch (SpecException e) {
            assertThat(e).hasMessageStartingWith(file + ":");
            throw new FileFormatException(file, "line " + e.where().line(), e.getMessage());
        }
    }
}
