package org.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.espalier.experiment.ReportSpec;
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
        RunReport.Written written = null;
        List<Double> wall = new ArrayList<>();
        List<Double> processor = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            long busy = processorTime();
            written = RunReport.write(run, PUBLISHED);
            wall.add((System.nanoTime() - start) / 1e9);
            processor.add((processorTime() - busy) / 1e9);
        }
        long bytes = Files.size(written.html());
        System.out.printf(
                "report of 20 rounds x 500 points: %.2f MB; first %.2f s (processor %.2f s), best of three %.2f s (processor %.2f s)%n",
                bytes / 1e6, wall.getFirst(), processor.getFirst(), Collections.min(wall), Collections.min(processor));
        assertThat(written.problems()).isEmpty();
        assertThat(bytes).isLessThan(6_000_000);
        assertThat(Collections.min(processor))
                .as("seconds of processor time, which other programs do not lengthen")
                .isLessThan(3);
    }

    private static long processorTime() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    @Test
    void claimsStandBesideThePaper() throws IOException {
        RunReport.Written written = RunReport.write(RunFixture.lottery(folder, 1, 20, 1000), PUBLISHED);
        assertThat(written.findings()).hasSize(9);
        assertThat(written.findings().get(1).published()).isEqualTo("−38 %");
        assertThat(written.findings().get(1).verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(written.findings().get(3).source()).isEqualTo("Sec 2 (paper)");
    }

    @Test
    void tablesHoldWhatWasMeasuredInItsOwnUnit() throws IOException {
        RunReport.write(RunFixture.lottery(folder, 2, 4, 10_000), PUBLISHED);
        List<String> lines = Files.readAllLines(folder.resolve("tables/levels.csv"));
        assertThat(lines.getFirst())
                .startsWith(
                        "turn,weights-left,train/early-stop.test-accuracy,± train/early-stop.test-accuracy,control/")
                .endsWith(",paper");
        assertThat(lines.get(1)).startsWith("0,1.0,0.97");
        assertThat(lines).hasSize(5);
        assertThat(folder.resolve("report.html"))
                .content()
                .containsPattern("<td class=\"number\">97\\.\\d\\d ± 0\\.\\d\\d</td>");
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

    @Test
    void whateverTextsSayThePageTakesThemForText() throws IOException {
        String html = Files.readString(RunReport.write(Payloads.run(folder.resolve("run")), Payloads.published(folder))
                .html());
        String ours =
                html.replaceAll("(?s)<style[^>]*>.*?</style>", "").replaceAll("(?s)<script[^>]*>.*?</script>", "");
        assertThat(Pattern.compile("<([a-zA-Z!/][^\\s>]*)")
                        .matcher(ours)
                        .results()
                        .map(m -> m.group(1).replace("/", ""))
                        .distinct())
                .isSubsetOf(
                        "!DOCTYPE",
                        "html",
                        "head",
                        "meta",
                        "title",
                        "body",
                        "main",
                        "header",
                        "section",
                        "details",
                        "summary",
                        "h1",
                        "h2",
                        "p",
                        "a",
                        "ul",
                        "li",
                        "dl",
                        "dt",
                        "dd",
                        "div",
                        "span",
                        "small",
                        "strong",
                        "code",
                        "pre",
                        "table",
                        "thead",
                        "tbody",
                        "tr",
                        "th",
                        "td",
                        "footer");
        assertThat(Pattern.compile("\\s(\\w[\\w-]*)=\"")
                        .matcher(ours.replaceAll(">[^<]*<", "><"))
                        .results()
                        .map(m -> m.group(1))
                        .distinct())
                .isSubsetOf(
                        "lang",
                        "charset",
                        "http-equiv",
                        "content",
                        "name",
                        "class",
                        "id",
                        "href",
                        "colspan",
                        "data-label");
        assertThat(Pattern.compile("href=\"([^\"]*)\"").matcher(ours).results().map(m -> m.group(1)))
                .allMatch(href -> href.matches("(figures|tables)/[a-z0-9-]+\\.(svg|png|csv)"));
        assertThat(html.split("<script", -1)).hasSize(4);
        String data = html.substring(html.indexOf("id=\"charts\">") + 12, html.indexOf("</script>"));
        assertThat(data).doesNotContain("<", ">", "&", "'", "\u2028", "\u2029").contains("\\u2028", "\\u003C");
        for (String payload : Payloads.ALL) {
            assertThat(ours).contains(Html.text(payload).toString());
        }
        System.out.println(
                Payloads.ALL.size() + " payloads in names, labels, metrics, files and notes: all stand as text");
    }

    @Test
    void thePolicyAllowsNothingButWhatIsInside() throws Exception {
        String html = Files.readString(RunReport.write(RunFixture.lottery(folder, 1, 3, 5000), PUBLISHED)
                .html());
        String policy = html.substring(
                        html.indexOf("content=\"default-src"), html.indexOf("\">", html.indexOf("default-src")))
                .replace("&#39;", "'");
        assertThat(policy).contains("default-src 'none'").doesNotContain("unsafe", "http");
        var inside = Pattern.compile("(?s)<(script|style)(?: id=[^>]*)?>(.*?)</\\1>")
                .matcher(html)
                .results()
                .toList();
        assertThat(inside).hasSize(4);
        for (var element : inside) {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(element.group(2).getBytes(StandardCharsets.UTF_8));
            assertThat(policy).contains("'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
        }
        assertThat(html).doesNotContain("localStorage", "document.cookie");
    }

    @Test
    void aRunWithoutRepeatShowsItsResults() throws IOException {
        new RunFixture(folder)
                .text("resolved.yaml", "name: wanda\nevaluate: [accuracy]\n")
                .metric("seed-1", 0, "dense/accuracy", 0.981)
                .metric("seed-1", 0, "pruned/accuracy", 0.5)
                .metric("seed-1", 0, "pruned/weights-left", 0.25)
                .metric("seed-1", 0, "pruned/density.fc10", 0.125)
                .metric("seed-1", 0, "pruned/density.fc2", 0.25)
                .metrics()
                .environment()
                .status("finished", "", 0, 1);
        String html = Files.readString(RunReport.write(folder, PUBLISHED).html());
        assertThat(folder.resolve("tables/layers.csv")).content().isEqualTo("layer,pruned\nfc2,0.25\nfc10,0.125\n");
        assertThat(html).contains("<h2>Results</h2>", "98.10", "25.00").doesNotContain("class=\"plot\"");
        assertThat(folder.resolve("tables/results.csv")).content().contains("dense,0.981");
    }

    @Test
    void aFailedRunShowsItsErrorAndWhatItMeasured() throws IOException {
        new RunFixture(folder)
                .text("resolved.yaml", RunFixture.spec())
                .metric("seed-1", 0, "train/early-stop.test-accuracy", 0.979)
                .metrics()
                .status("failed", "NaN in layer fc1.weight at step 17", 1, 1);
        RunReport.Written written = RunReport.write(folder, PUBLISHED);
        assertThat(written.findings().getFirst().verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(written.findings().getLast().verdict()).isEqualTo(Verdict.NOT_MEASURED);
        assertThat(written.problems()).containsExactly("There is no environment.json.");
        assertThat(Files.readString(written.html()))
                .contains(
                        "NaN in layer fc1.weight at step 17",
                        "The run failed at repeat.3/train",
                        "not measured",
                        "Not measured in this run.");
    }

    @Test
    void anEmptyDirectoryStillGetsAPageThatSaysWhatIsMissing() throws IOException {
        RunReport.Written written = RunReport.write(folder, PUBLISHED);
        assertThat(written.problems()).hasSize(4);
        assertThat(Files.readString(written.html()))
                .contains("There is no metrics.csv.", "How the run ended is not known.");
    }

    @Test
    void aBrokenFileCostsOnlyItsPart() throws IOException {
        RunFixture.lottery(folder, 1, 3, 5000);
        Files.writeString(folder.resolve("status.json"), "{\"state\": ");
        Files.writeString(folder.resolve("resolved.yaml"), RunFixture.spec().replace("verdict:", "verdikt:"));
        RunReport.Written written = RunReport.write(folder, PUBLISHED);
        assertThat(written.problems())
                .hasSize(2)
                .anyMatch(p -> p.contains("verdikt"))
                .anyMatch(p -> p.startsWith("status.json is not JSON"));
        assertThat(Files.readString(written.html())).contains("Early stop: test accuracy");
    }

    @Test
    void thereMustBeARunDirectory() {
        assertThatIOException()
                .isThrownBy(() -> RunReport.write(folder.resolve("none"), PUBLISHED))
                .withMessageContaining("no run directory");
    }

    @Test
    void anUnknownPublishedRowIsAProblemNotAGuess() throws IOException {
        RunFixture.lottery(folder, 1, 3, 5000);
        Files.writeString(
                folder.resolve("resolved.yaml"), RunFixture.spec().replace("accuracy difference (pp)", "accuracy"));
        assertThat(RunReport.write(folder, PUBLISHED).problems())
                .singleElement()
                .asString()
                .contains("0 published rows match");
    }

    private void selection(Path run, String name, int from) throws IOException {
        Path seed = Files.createDirectories(run.resolve("selections/seed-1"));
        Files.writeString(
                seed.resolve(name + ".json"),
                "{\"file\": \"selections/seed-1/" + name + "\", \"of\": \"brown/train\", \"rule\": \"the best\"}");
        StringBuilder rows = new StringBuilder("id,chosen,score,domain,length\n");
        for (int i = 0; i < 40; i++) {
            boolean chosen = i >= from && i < from + 10;
            String domain = i < 20 ? "<b>news" : "lore";
            rows.append(i + "," + (chosen ? 1 : 0) + "," + i / 10.0 + "," + domain + "," + (i + 1) + "\n");
        }
        Files.writeString(seed.resolve(name + ".csv"), rows.toString());
    }

    @Test
    void saysWhatWasSelected() throws IOException {
        Path run = RunFixture.lottery(folder, 1, 4, 10_000);
        selection(run, "few.1", 15);
        selection(run, "few.2", 30);
        Files.writeString(run.resolve("selections/seed-1/torn.json"), "{");
        RunReport.Written written = RunReport.write(run, PUBLISHED);
        assertThat(written.problems()).singleElement().asString().contains("seed-1/torn.json cannot be read");
        assertThat(Files.readAllLines(folder.resolve("tables/domains.csv")))
                .containsExactly("kind,all of brown/train,few.1,few.2", "<b>news,0.5,0.5,0.0", "lore,0.5,0.5,1.0");
        assertThat(Files.readAllLines(folder.resolve("tables/selections.csv")))
                .contains("few.1,brown/train,10,40,1.95,1.95,20.5,20.5,the best");
        assertThat(folder.resolve("report.html"))
                .content()
                .contains("What was selected", "&lt;b&gt;news", "Scores: few.1")
                .doesNotContain("<b>news", "Scores: few.2");
        assertThat(folder.resolve("figures/scores-few-1.svg")).exists();
    }

    @Test
    void drawsAMetricAgainstTheShareThatWasSelected() {
        Measured measured = Measured.of(String.join(
                "\n",
                "run,step,name,value",
                "seed-1,0,full/accuracy,0.95",
                "seed-1,1,choose/share,0.5",
                "seed-1,1,hard/accuracy,0.9",
                "seed-1,1,draw/share,0.5",
                "seed-1,1,any/accuracy,0.8",
                "seed-1,2,choose/share,0.1",
                "seed-1,2,hard/accuracy,0.7",
                "seed-1,2,draw/share,0.1",
                "seed-1,2,any/accuracy,0.6",
                ""));
        Chart chart = new ShareCharts(measured, Map.of("any", "at random"))
                .asked("f", new ReportSpec.Share("", "accuracy", List.of("hard", "any", "full"), Optional.of(65.0)));
        assertThat(chart.traces()).extracting(Chart.Trace::name).containsExactly("hard", "at random", "full");
        assertThat(chart.traces().get(0).x()).containsExactly(10, 50);
        assertThat(chart.traces().get(0).y()).containsExactly(70, 90);
        assertThat(chart.traces().get(1).y()).containsExactly(60, 80);
        assertThat(chart.traces().get(2).x()).containsExactly(100);
        assertThat(chart.y().low()).isEqualTo(65);
        assertThat(chart.y().high()).isBetween(95.0, 97.0);
    }
}
