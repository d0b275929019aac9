package org.espalier.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.experiment.Program;
import org.espalier.experiment.Progress;
import org.espalier.experiment.RunFolder;
import org.espalier.experiment.Runner;
import org.espalier.experiment.Stop;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.report.RunReport;
import org.espalier.track.Tracker;
import org.espalier.track.Tracking;
import picocli.CommandLine.Option;

/** Runs a program to its end and says where its report is: what run and resume have in common. */
final class Execution {
    @Option(names = "--device", defaultValue = "cpu", paramLabel = "NAME", description = "Where to run: cpu.")
    private String device;

    @Option(names = "--threads", paramLabel = "N", description = "CPU threads; results do not depend on them.")
    private Integer threads;

    /**
     * @param written what is to be kept with the run, by file name
     * @param again the command that goes on with the run
     * @return the exit code
     */
    int run(Output output, Program program, Map<String, String> written, String again) throws IOException {
        if (!device.equals("cpu")) throw new Refusal("there is no device " + device + "; this version runs on cpu");
        RunFolder folder = RunFolder.of(Home.reports(), program);
        if (folder.finished()) return finished(output, folder, "finished before");
        Stop stop = new Stop();
        Signals.ask(stop);
        Runner.Result result = result(output, program, written, again, stop);
        return switch (result.outcome()) {
            case FINISHED -> finished(output, folder, "finished");
            case ALREADY_FINISHED -> finished(output, folder, "finished before");
            case BUSY -> {
                tell(output, "running in process " + result.owner(), folder.path());
                yield 0;
            }
            case STOPPED -> {
                output.note("stopped; go on with: " + again);
                yield stop.exitCode();
            }
        };
    }

    private Runner.Result result(Output output, Program program, Map<String, String> written, String again, Stop stop)
            throws IOException {
        try (Gauge gauge = output.gauge();
                Device cpu = threads == null ? CpuDevice.ofThisMachine() : new CpuDevice(threads);
                Tracker tracker = Tracking.open(Home.reports(), System.getenv(), gauge::note)) {
            Progress progress = output.quiet() ? Progress.SILENT : new RunProgress(gauge, program);
            return new Runner(Home.folder(), Home.datasets(), Home.reports(), cpu, tracker, progress, stop)
                    .run(program, written, again);
        }
    }

    /** A run that was killed while its report was written gets it now. */
    private static int finished(Output output, RunFolder folder, String how) throws IOException {
        if (!Files.exists(folder.report())) report(output, folder);
        tell(output, how, folder.report());
        return 0;
    }

    private static void report(Output output, RunFolder folder) throws IOException {
        try (FileChannel held = folder.lock().orElse(null)) {
            if (held == null) return; // another process has just finished the run, and writes it
            folder.clean(List.of());
            RunReport.write(folder.path(), Home.published()).problems().forEach(output::note);
        }
    }

    private static void tell(Output output, String how, Path where) {
        Map<String, String> result = new LinkedHashMap<>();
        result.put("state", how);
        result.put("path", where.toString());
        output.result(result, () -> how + ": " + where);
    }
}
