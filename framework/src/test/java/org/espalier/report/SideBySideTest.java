package org.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.espalier.experiment.ReportSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of steps that were run once: those a spec asks for, and all of them by kind. */
class SideBySideTest {
    private static final Path PUBLISHED = Path.of("..", "experiments", "published");

    @TempDir
    private Path folder;

    private RunFixture run(String spec) throws IOException {
        return new RunFixture(folder)
                .text("resolved.yaml", spec)
                .metric("seed-1", 0, "prune/removed", 10)
                .metric("seed-1", 0, "prune/milliseconds", 5)
                .metric("seed-1", 0, "one/bytes.total", 4_000_000)
                .metric("seed-1", 0, "one/milliseconds", 7)
                .metric("seed-1", 0, "after-one/perplexity", 40)
                .metric("seed-1", 0, "after-one/weights-left", 0.5)
                .metric("seed-1", 0, "two/bytes.total", 2_000_000)
                .metric("seed-1", 0, "repeated/loss", 1)
                .metric("seed-1", 1, "repeated/loss", 0.5)
                .metric("seed-1", 0, "repeated/removed", 3)
                .metric("seed-1", 0, "after-two/perplexity", 44)
                .metrics()
                .environment()
                .status("finished", "", 0, 1);
    }

    @Test
    void aSpecPutsMethodsSideBySide() throws IOException {
        run("""
                name: table
                report:
                  tables:
                    - title: Recoveries
                      rows: { one: First, two: Second, three: Third }
                      head: recovery
                      columns:
                        perplexity: "after-{}/perplexity"
                        left: "after-{}/weights-left @ last"
                        less: "{}/bytes.total / one/bytes.total"
                      paper: { two: as good }
                """);
        RunReport.Written written = RunReport.write(folder, PUBLISHED);
        assertThat(written.problems()).isEmpty();
        assertThat(Files.readAllLines(folder.resolve("tables/table-1.csv")))
                .containsExactly(
                        "recovery,perplexity,left,less,published",
                        "First,40.0,0.5,1.0,",
                        "Second,44.0,,0.5,as good",
                        "Third,,,,");
        assertThat(written.html()).content().contains("<h2>Recoveries</h2>", "left (%)", "50.00");
    }

    @Test
    void stepsThatMeasuredTheSameThingsShareATableOnThePage() throws IOException {
        run("name: kinds\n");
        List<Sheet> kinds = new ResultTables(RunFiles.read(folder)).kinds();
        assertThat(kinds).hasSize(3);
        assertThat(kinds.get(0).html().toString()).contains("prune").doesNotContain("one", "perplexity", "repeated");
        assertThat(kinds.get(1).html().toString()).contains("one", "two").doesNotContain("after", "removed");
        assertThat(kinds.get(2).html().toString())
                .contains("after-one", "after-two")
                .doesNotContain("bytes");
        RunReport.write(folder, PUBLISHED);
        assertThat(Files.readAllLines(folder.resolve("tables/results.csv"))).hasSize(6);
    }

    @Test
    void aNumberThatIsNearItsBoundIsPrintedSoThatTheyDiffer() throws IOException {
        new RunFixture(folder)
                .text("resolved.yaml", """
                        name: near
                        report:
                          claims:
                            - { say: near, ours: a/x / a/y, verdict: "< 1" }
                            - { say: the same, ours: a/y / a/y, verdict: ">= 1" }
                            - { say: far, ours: a/x / 2, verdict: "> 1" }
                        """)
                .metric("seed-1", 0, "a/x", 1.00027)
                .metric("seed-1", 0, "a/y", 1)
                .metrics()
                .environment()
                .status("finished", "", 0, 1);
        assertThat(RunReport.write(folder, PUBLISHED).findings())
                .extracting(Finding::ours)
                .containsExactly("1.0003", "1.00", "0.50");
    }

    @Test
    void aTableWithoutRowsOrWithAFormulaNobodyCanReadIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReportSpec.Table("t", "method", Map.of(), Map.of("a", "{}/b"), Map.of()))
                .withMessageContaining("'t' needs rows and columns");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new ReportSpec.Table("t", "method", Map.of("one", "One"), Map.of("a", "{} b"), Map.of()))
                .withMessageContaining("formula 'one b'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReportSpec.Table(
                        "t", "method", Map.of("one", "One"), Map.of("a", "{}/b"), Map.of("two", "x")))
                .withMessageContaining("'two', which is no row");
    }
}
