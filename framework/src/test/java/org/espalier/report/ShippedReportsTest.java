package org.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.experiment.Experiment;
import org.espalier.experiment.ReportSpec;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The report sections of the shipped experiments: every published number they name is in its file, once. */
class ShippedReportsTest {
    private static final Path EXPERIMENTS = Path.of("..", "experiments");

    @TestFactory
    Stream<DynamicTest> namesPublishedNumbersThatExist() throws IOException {
        try (Stream<Path> walk = Files.walk(EXPERIMENTS)) {
            List<Path> specs = walk.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.startsWith(EXPERIMENTS.resolve("base")))
                    .filter(ShippedReportsTest::reports)
                    .toList();
            assertThat(specs).isNotEmpty();
            return specs.stream()
                    .map(spec -> DynamicTest.dynamicTest(spec.getFileName().toString(), () -> check(spec)));
        }
    }

    private static void check(Path spec) throws IOException {
        ReportSpec report = Experiment.read(spec, "").report().orElseThrow();
        List<String> problems = new ArrayList<>();
        PublishedNumbers numbers =
                PublishedNumbers.read(EXPERIMENTS.resolve("published"), report.published(), problems);
        report.claims().forEach(claim -> Finding.of(claim, Measured.of(""), numbers, problems));
        assertThat(problems).isEmpty();
        if (!report.published().file().isEmpty()) assertThat(numbers.rows()).isNotEmpty();
    }

    private static boolean reports(Path spec) {
        try {
            return Files.readString(spec).contains("\nreport:");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
