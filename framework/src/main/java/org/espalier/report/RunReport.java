package org.espalier.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.espalier.data.file.DurableFile;
import org.espalier.experiment.ReportSpec;

/**
 * Writes the report of a run: {@code report.html}, {@code tables/*.csv} and {@code figures/*.png, *.svg}. It reads
 * nothing but the run directory and the published numbers that the spec names.
 */
public final class RunReport {
    private RunReport() {}

    /**
     * What was written.
     *
     * @param html the report
     * @param findings the claims of the paper with their verdicts
     * @param problems what could not be read or drawn, one sentence each
     */
    public record Written(Path html, List<Finding> findings, List<String> problems) {}

    /** The parts of a page. */
    record Parts(
            RunFiles files,
            List<Finding> findings,
            List<Chart> charts,
            Set<String> stills,
            Sheet claims,
            List<MethodTable> methods,
            Sheet results,
            List<Sheet> kinds,
            Sheet levels,
            Sheet turns,
            Sheet layers,
            Sheet selections,
            Sheet domains,
            Sheet published,
            Sheet environment,
            Sheet contents) {
        List<Sheet> sheets() {
            Stream<Sheet> own = Stream.of(
                    claims, results, levels, turns, layers, selections, domains, published, environment, contents);
            return Stream.concat(methods.stream().map(MethodTable::sheet), own).toList();
        }
    }

    /**
     * Writes the report of a run, finished, stopped or failed.
     *
     * @param runDirectory {@code reports/runs/<name>/<key>}
     * @param published the folder with files of published numbers
     * @throws IOException if there is no such directory, or it cannot be written
     */
    public static Written write(Path runDirectory, Path published) throws IOException {
        System.setProperty("java.awt.headless", "true");
        RunFiles files = RunFiles.read(runDirectory);
        PublishedNumbers numbers =
                PublishedNumbers.read(published, files.report().published(), files.problems());
        List<Finding> findings = files.report().claims().stream()
                .map(claim -> Finding.of(claim, files.measured(), numbers, files.problems()))
                .toList();
        List<Chart> charts = charts(files);
        Set<String> stills = draw(charts, runDirectory.resolve("figures"), files.problems());
        TurnTables tables = new TurnTables(files);
        ResultTables results = new ResultTables(files);
        Parts parts = new Parts(
                files,
                findings,
                charts,
                stills,
                Tables.claims(findings),
                MethodTable.all(files),
                results.whole(),
                results.kinds(),
                tables.levels(numbers),
                tables.turns(),
                tables.layers(),
                SelectionTables.summary(files.selections()),
                SelectionTables.domains(files.selections()),
                Tables.published(numbers),
                Tables.environment(files),
                Tables.contents(files));
        save(parts.sheets(), runDirectory.resolve("tables"));
        Path html = runDirectory.resolve("report.html");
        ByteBuffer page = StandardCharsets.UTF_8.encode(Page.of(parts));
        DurableFile.replace(
                html,
                channel -> { // last and whole: where it is missing, the report is written again
                    while (page.hasRemaining()) channel.write(page);
                });
        return new Written(html, findings, List.copyOf(files.problems()));
    }

    private static List<Chart> charts(RunFiles files) {
        ReportSpec spec = files.report();
        LevelCharts levels = new LevelCharts(files.measured(), spec.names());
        CurveCharts curves = new CurveCharts(files.measured(), spec.names());
        List<Chart> charts = new ArrayList<>();
        for (ReportSpec.Figure figure : spec.figures()) {
            String id = "figure-" + (charts.size() + 1);
            charts.add(
                    switch (figure) {
                        case ReportSpec.Line line -> levels.asked(id, line);
                        case ReportSpec.Curves asked -> curves.asked(id, asked);
                        case ReportSpec.Share share -> new ShareCharts(files.measured(), spec.names()).asked(id, share);
                    });
        }
        if (spec.figures().isEmpty()) charts.addAll(curves.automatic());
        charts.addAll(levels.automatic(spec.figures().isEmpty()));
        charts.addAll(SelectionCharts.of(files.selections()));
        return distinct(charts);
    }

    /** Two names of metrics may shorten to one file name; the later figure gets a number. */
    private static List<Chart> distinct(List<Chart> charts) {
        Set<String> taken = new HashSet<>();
        return charts.stream()
                .map(chart -> {
                    String id = chart.id();
                    for (int i = 2; !taken.add(id); i++) id = chart.id() + "-" + i;
                    return new Chart(id, chart.title(), chart.caption(), chart.x(), chart.y(), chart.traces());
                })
                .toList();
    }

    /** A machine without fonts cannot draw stills; the page does not need them. */
    private static Set<String> draw(List<Chart> charts, Path folder, List<String> problems) throws IOException {
        if (!charts.isEmpty()) Files.createDirectories(folder);
        Set<String> drawn = ConcurrentHashMap.newKeySet();
        List<String> failures = charts.parallelStream()
                .flatMap(chart -> {
                    try {
                        if (Still.write(chart, folder)) drawn.add(chart.id());
                        return Stream.empty();
                    } catch (IOException | RuntimeException | LinkageError e) {
                        return Stream.of("The figure " + chart.id() + " could not be drawn as a file: " + e);
                    }
                })
                .toList();
        problems.addAll(failures);
        return drawn;
    }

    private static void save(List<Sheet> sheets, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Sheet sheet : sheets) if (!sheet.isEmpty()) sheet.write(folder);
    }
}
