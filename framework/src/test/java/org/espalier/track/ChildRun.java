package org.espalier.track;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A run in a process of its own, to be killed. */
final class ChildRun {
    static final int STRETCH = 200;

    private ChildRun() {}

    /** Arguments: reports folder, run name, first step, last step, server address or "none". */
    public static void main(String[] arguments) throws InterruptedException {
        Path reports = Path.of(arguments[0]);
        String name = arguments[1];
        Map<String, String> environment =
                arguments[4].equals("none") ? Map.of() : Map.of("MLFLOW_TRACKING_URI", arguments[4]);
        List<String> notices = Collections.synchronizedList(new ArrayList<>());
        try (Tracker tracker = Tracking.open(reports, environment, notices::add)) {
            Tracker.Run run =
                    tracker.start(RunInfo.of(RunInfo.id(name), "lottery", name, reports.resolve("runs/" + name)));
            int last = Integer.parseInt(arguments[3]);
            for (int step = Integer.parseInt(arguments[2]); step < last; step++) {
                run.metric("loss", step, step);
                if ((step + 1) % STRETCH == 0) {
                    System.out.println("flushed " + tracker.flush() + " " + (step + 1));
                    Thread.sleep(20);
                }
            }
            run.end(RunStatus.FINISHED);
        }
        notices.forEach(line -> System.out.println("notice " + line));
    }

    static Process start(Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ChildRun.class.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream()));
    }
}
