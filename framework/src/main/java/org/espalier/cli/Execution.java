package org.espalier.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.Espalier;
import org.espalier.experiment.Program;
import org.espalier.experiment.Progress;
import org.espalier.experiment.RunFolder;
import org.espalier.experiment.Runner;
import org.espalier.experiment.Stop;
import picocli.CommandLine.Mixin;

/** Runs a program to its end and says where its report is: what run and resume have in common. */
final class Execution {
    @Mixin
    private ChosenDevice device;

    /** The device as a command names it, behind {@code prefix}; nothing for the CPU. */
    String device(String prefix) {
        return device.words(prefix);
    }

    /**
     * @param written what is to be kept with the run, by file name
     * @param again the command that goes on with the run
     * @return the exit code
     */
    int run(Output output, Program planned, Map<String, String> written, String again) throws IOException {
        Program program = there(planned);
        RunFolder folder = RunFolder.of(Home.reports(), program);
        if (folder.finished() && Files.exists(folder.report())) return tell(output, "finished before", folder.report());
        Stop stop = new Stop();
        Signals.ask(stop);
        Runner.Result result = result(output, program, written, again, stop);
        return switch (result.outcome()) {
            case FINISHED -> tell(output, "finished", folder.report());
            case ALREADY_FINISHED -> tell(output, "finished before", folder.report());
            case BUSY -> tell(output, "running in process " + result.owner(), folder.path());
            case STOPPED -> {
                output.note("stopped; go on with: " + again);
                yield stop.exitCode();
            }
        };
    }

    private Runner.Result result(Output output, Program program, Map<String, String> written, String again, Stop stop)
            throws IOException {
        try (Gauge gauge = output.gauge();
                Espalier espalier =
                        Espalier.at(Home.folder(), device.open(), output.quiet() ? notice -> {} : gauge::note)) {
            Progress progress = output.quiet() ? Progress.SILENT : new RunProgress(gauge, program);
            return espalier.run(program, written, again, progress, stop);
        }
    }

    private Program there(Program planned) {
        try {
            return planned.on(device.arithmetic());
        } catch (IllegalArgumentException e) {
            throw new Refusal(e.getMessage());
        }
    }

    private static int tell(Output output, String how, Path where) {
        Map<String, String> result = new LinkedHashMap<>();
        result.put("state", how);
        result.put("path", where.toString());
        output.result(result, () -> how + ": " + where);
        return 0;
    }
}
