package org.espalier.reliability;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.espalier.experiment.Program;
import org.espalier.experiment.Progress;
import org.espalier.experiment.Runner;
import org.espalier.experiment.Stop;
import org.espalier.launch.CpuDevice;
import org.espalier.track.Tracker;

/** Runs without a process of their own and without tracking, for tests that need hundreds. */
final class InProcess {
    private InProcess() {}

    static Runner.Result run(Path home, Program program, Progress progress) throws IOException {
        try (CpuDevice device = new CpuDevice(1);
                Tracker tracker = Tracker.all(List.of())) {
            return new Runner(
                            home,
                            home.resolve("datasets"),
                            home.resolve("reports"),
                            device,
                            tracker,
                            progress,
                            new Stop())
                    .run(program, Map.of(), "make run");
        }
    }
}
