package org.espalier.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.espalier.experiment.Program;
import org.espalier.experiment.Progress;
import org.espalier.experiment.RunFolder;
import org.espalier.experiment.Runner;
import org.espalier.experiment.Stop;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.track.Tracker;
import org.espalier.track.Tracking;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "run", description = "Run a spec, go on with it, or say that it is done.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Mixin
    private Target target;

    @Option(names = "--device", defaultValue = "cpu", paramLabel = "NAME", description = "Where to run: cpu.")
    private String device;

    @Option(names = "--threads", paramLabel = "N", description = "CPU threads; results do not depend on them.")
    private Integer threads;

    @Override
    public Integer call() throws IOException {
        if (!device.equals("cpu")) throw new Refusal("there is no device " + device + "; this version runs on cpu");
        Program program = target.program();
        RunFolder folder = RunFolder.of(Home.reports(), program);
        return folder.finished() ? finished(folder, "finished before") : run(program);
    }

    private int run(Program program) throws IOException {
        Stop stop = new Stop();
        Signals.ask(stop);
        Map<String, String> environment = System.getenv();
        try (Gauge gauge = output.gauge();
                Device cpu = threads == null ? CpuDevice.ofThisMachine() : new CpuDevice(threads);
                Tracker tracker = Tracking.open(Home.reports(), environment, gauge::note)) {
            Progress progress = output.quiet() ? Progress.SILENT : new RunProgress(gauge, program);
            Runner runner = new Runner(Home.folder(), Home.datasets(), Home.reports(), cpu, tracker, progress, stop);
            Runner.Result result = runner.run(program, target.written(), target.again());
            gauge.close();
            return switch (result.outcome()) {
                case FINISHED -> finished(result.folder(), "finished");
                case ALREADY_FINISHED -> finished(result.folder(), "finished before");
                case BUSY -> busy(result);
                case STOPPED -> stopped(stop);
            };
        }
    }

    private int finished(RunFolder folder, String how) {
        tell(how, folder);
        return 0;
    }

    private int busy(Runner.Result result) {
        output.note("running in process " + result.owner());
        tell("running", result.folder());
        return 0;
    }

    private int stopped(Stop stop) {
        output.note("stopped; go on with: " + target.again());
        return stop.exitCode();
    }

    private void tell(String how, RunFolder folder) {
        Map<String, String> result = new LinkedHashMap<>();
        result.put("state", how);
        result.put("folder", folder.path().toString());
        output.result(result, () -> how + ": " + folder.path());
    }
}
