package org.espalier.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.espalier.report.RunReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "report",
        description = "Write a run's report again; the run may have finished, failed or been stopped.")
final class ReportCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Parameters(paramLabel = "RUN", description = "A run's folder, or its name/key in reports/runs.")
    private String run;

    @Override
    public Integer call() throws IOException {
        RunReport.Written written = RunReport.write(Home.run(run), Home.published());
        List<String> problems = written.problems();
        problems.forEach(output::note);
        output.result(
                Map.of("report", written.html().toString(), "problems", problems),
                () -> written.html().toString());
        return 0;
    }
}
