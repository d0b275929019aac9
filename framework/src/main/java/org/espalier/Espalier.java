package org.espalier;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.espalier.experiment.Experiment;
import org.espalier.experiment.Planner;
import org.espalier.experiment.Program;
import org.espalier.experiment.Progress;
import org.espalier.experiment.RunFolder;
import org.espalier.experiment.Runner;
import org.espalier.experiment.Stop;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.models.Zoo;
import org.espalier.report.RunReport;
import org.espalier.track.Tracker;
import org.espalier.track.Tracking;

/**
 * Espalier as a library: reads specs, runs them, writes their reports.
 *
 * <pre>{@code
 * try (Espalier espalier = Espalier.at(Path.of("."))) {
 *     Path folder = espalier.run(Path.of("experiments/lottery_ticket.yaml"), "repeat.times=4").folder().path();
 * }
 * }</pre>
 */
public final class Espalier implements AutoCloseable {
    private final Path home;
    private final Device device;
    private final Tracker tracker;
    private final Consumer<String> notice;

    private Espalier(Path home, Device device, Consumer<String> notice) {
        this.home = home;
        this.device = device;
        this.tracker = Tracking.open(home.resolve("reports"), System.getenv(), notice);
        this.notice = notice;
    }

    /** With data in {@code home/datasets} and results in {@code home/reports}, on this machine's CPU. */
    public static Espalier at(Path home) {
        return at(home, notice -> {});
    }

    /** @param notice receives a line now and then, such as that a tracking server is away */
    public static Espalier at(Path home, Consumer<String> notice) {
        return at(home, CpuDevice.ofThisMachine(), notice);
    }

    /** @param device what runs the launches; closed with this */
    public static Espalier at(Path home, Device device, Consumer<String> notice) {
        return new Espalier(home.toAbsolutePath().normalize(), device, notice);
    }

    /**
     * Reads and plans a spec.
     *
     * @param overrides such as {@code repeat.times=4 train.steps=2000}, or empty
     * @throws org.espalier.spec.SpecException if the spec can't be understood or can't work, naming file, line and column
     */
    public Program plan(Path spec, String overrides) {
        return Planner.plan(
                Experiment.written(spec, overrides),
                new Zoo.Places(spec.toAbsolutePath().getParent(), home.resolve("datasets")));
    }

    /** Runs a spec to its end and writes its report; see {@link Runner#run}. */
    public Runner.Result run(Path spec, String overrides) throws IOException {
        return run(spec, overrides, Progress.SILENT, new Stop());
    }

    /** The same, telling how it goes and stopping when asked. */
    public Runner.Result run(Path spec, String overrides, Progress progress, Stop stop) throws IOException {
        Program program = plan(spec, overrides);
        Map<String, String> written = new LinkedHashMap<>();
        written.put("spec.yaml", Files.readString(spec));
        written.put("overrides.txt", overrides + "\n");
        return run(program, written, command(spec, overrides), progress, stop);
    }

    /**
     * Runs a program to its end and writes its report. One that had been finished before gets its report now if it has none,
     * because the process was killed before it was written.
     *
     * @param written what is to be kept with the run, by file name
     * @param again the command that goes on with the run
     */
    public Runner.Result run(Program program, Map<String, String> written, String again, Progress progress, Stop stop)
            throws IOException {
        Runner runner =
                new Runner(home, home.resolve("datasets"), home.resolve("reports"), device, tracker, progress, stop);
        Runner.Result result = runner.run(program, written, again);
        switch (result.outcome()) {
            case FINISHED -> report(result.folder());
            case ALREADY_FINISHED -> {
                if (!Files.exists(result.folder().report())) report(result.folder());
            }
            case BUSY, STOPPED -> {}
        }
        return result;
    }

    private void report(RunFolder folder) throws IOException {
        try (FileChannel held = folder.lock().orElse(null)) {
            if (held == null) return; // another process has just seen the run finished, and writes it
            folder.clean();
            Path published = home.resolve("experiments").resolve("published");
            RunReport.write(folder.path(), published).problems().forEach(notice);
        }
    }

    private static String command(Path spec, String overrides) {
        return "make run EXP=" + spec.getFileName() + (overrides.isBlank() ? "" : " SET=\"" + overrides + "\"");
    }

    @Override
    public void close() {
        tracker.close();
        device.close();
    }
}
