package org.espalier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.experiment.Runner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EspalierTest {
    private static final String SPEC = """
            name: counter
            data: { train: { modular-addition: { modulus: 5 } } }
            model: { lenet: { hidden: [4] } }
            steps: [ { train: { batch: 4, steps: 2, optimise: { sgd: { rate: 0.1 } } } } ]
            """;

    @Test
    void aRunThatWasKilledBeforeItsReportWasWrittenGetsItNow(@TempDir Path home) throws IOException {
        Path spec = Files.writeString(home.resolve("counter.yaml"), SPEC);
        try (Espalier espalier = Espalier.at(home)) {
            Runner.Result first = espalier.run(spec, "");
            Path report = first.folder().report();
            assertThat(first.outcome()).isEqualTo(Runner.Outcome.FINISHED);
            assertThat(report).exists();
            Files.delete(report);
            assertThat(espalier.run(spec, "").outcome()).isEqualTo(Runner.Outcome.ALREADY_FINISHED);
            assertThat(report).exists();
            Files.writeString(report, "mine");
            espalier.run(spec, "");
            assertThat(report).hasContent("mine");
        }
    }

    @Test
    void aReportOfARunThatWasNotFinishedIsReplacedWhenItIs(@TempDir Path home) throws IOException {
        Path spec = Files.writeString(home.resolve("counter.yaml"), SPEC);
        try (Espalier espalier = Espalier.at(home)) {
            Path report = home.resolve("reports/runs/counter")
                    .resolve(espalier.plan(spec, "").key().shortened())
                    .resolve("report.html");
            Files.createDirectories(report.getParent());
            Files.writeString(report, "of half a run");
            espalier.run(spec, "");
            assertThat(Files.readString(report)).contains("counter").doesNotContain("of half a run");
        }
    }
}
