package org.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.espalier.report.Finding.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {
    static final Path PUBLISHED = Path.of("..", "experiments", "published");

    @TempDir
    Path folder;

    @Test
    void twentyRoundsOfFiveHundredPointsAreQuickAndSmall() throws IOException {
        Path run = RunFixture.lottery(folder, 1, 20, 100);
        long start = System.nanoTime();
        RunReport.Written written = RunReport.write(run, PUBLISHED);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.println("report of 20 rounds x 500 points: " + RunFixture.describe(seconds, Files.size(written.html())));
        assertThat(written.problems()).isEmpty();
        assertThat(Files.size(written.html())).isLessThan(6_000_000);
        assertThat(seconds).isLessThan(3);
    }

    @Test
    void claimsStandBesideThePaper() throws IOException {
        RunReport.Written written = RunReport.write(RunFixture.lottery(folder, 1, 20, 1000), PUBLISHED);
        assertThat(written.findings()).hasSize(9);
        assertThat(written.findings().get(1).published()).isEqualTo("-38 %");
        assertThat(written.findings().get(1).verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(written.findings().get(3).source()).isEqualTo("Sec 2 (paper)");
    }

    @Test
    void everyFigureAndTableIsAlsoAFile() throws IOException {
        RunReport.write(RunFixture.lottery(folder, 3, 20, 1000), PUBLISHED);
        for (String figure : List.of("figure-1", "figure-2", "figure-3", "layers", "speed", "throughput", "bytes")) {
            assertThat(folder.resolve("figures/" + figure + ".png")).isNotEmptyFile();
            assertThat(folder.resolve("figures/" + figure + ".svg")).content().contains("<svg", "</svg");
        }
        for (String table : List.of("claims", "levels", "layers", "published", "environment", "files")) {
            assertThat(folder.resolve("tables/" + table + ".csv")).isNotEmptyFile();
        }
    }
}
