package org.espalier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.espalier.experiment.Experiment;
import org.espalier.experiment.Planner;
import org.espalier.experiment.Program;
import org.espalier.experiment.Progress;
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

    private Espalier(Path home, Device device, Tracker tracker) {
        this.home = home;
        this.device = device;
        this.tracker = tracker;
    }

    /** With data in {@code home/datasets} and results in {@code home/reports}, on this machine's CPU. */
    public static Espalier at(Path home) {
        return at(home, notice -> {});
    }

    /** @param notice receives a line now and then, such as that a tracking server is away */
    public static Espalier at(Path home, Consumer<String> notice) {
        Path root = home.toAbsolutePath().normalize();
        return new Espalier(
                root, CpuDevice.ofThisMachine(), Tracking.open(root.resolve("reports"), System.getenv(), notice));
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
        Runner runner =
                new Runner(home, home.resolve("datasets"), home.resolve("reports"), device, tracker, progress, stop);
        Runner.Result result = runner.run(program, written, command(spec, overrides));
        if (result.outcome() == Runner.Outcome.FINISHED)
            RunReport.write(result.folder().path(), home.resolve("experiments").resolve("published"));
        return result;
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
