package org.espalier.methods;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.espalier.experiment.Experiment;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every method has a test beside it and a spec that uses it. */
class CatalogueTest {
    private static final Path METHODS = Path.of("src", "main", "java", "org", "espalier", "methods");
    private static final Path TESTS = Path.of("src", "test", "java", "org", "espalier", "methods");

    private static List<Path> methods() throws IOException {
        try (Stream<Path> files = Files.walk(METHODS)) {
            return files.filter(f -> f.toString().endsWith(".java") && !f.endsWith("package-info.java"))
                    .sorted()
                    .toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyMethodHasATestAndASpec() throws IOException {
        StringBuilder resolved = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("..", "experiments"))) {
            for (Path file : files.filter(f ->
                            f.toString().endsWith(".yaml") && !f.getParent().endsWith("base"))
                    .toList()) resolved.append(Experiment.read(file, "").resolved());
        }
        String specs = resolved.toString();
        return methods().stream().map(file -> {
            String name = file.getFileName().toString().replace(".java", "");
            String family = file.getParent().getFileName().toString();
            return DynamicTest.dynamicTest(family + "/" + name, () -> {
                assertThat(TESTS.resolve(family).resolve(name + "Test.java")).exists();
                String yaml = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-")
                        .toLowerCase(Locale.ROOT);
                assertThat(specs)
                        .as("a spec that says " + yaml)
                        .containsPattern("(?m)(^|[\\s\\[{,])" + yaml + "([\\s:,}\\]]|$)");
            });
        });
    }

    @Test
    void thereAreSome() throws IOException {
        assertThat(methods()).hasSizeGreaterThan(15);
    }
}
