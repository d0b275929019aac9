package org.espalier.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes run directories as the runner does, with invented numbers that look like LeNet's on MNIST. */
final class RunFixture {
    private final Path directory;
    private final StringBuilder metrics = new StringBuilder("run,step,name,value\n");

    RunFixture(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /** A lottery run with its control: a curve point every {@code every} of 50,000 iterations. */
    static Path lottery(Path directory, int seeds, int rounds, int every) throws IOException {
        RunFixture run = new RunFixture(directory);
        for (int seed = 1; seed <= seeds; seed++) {
            for (int turn = 0; turn < rounds; turn++)
                run.round("seed-" + seed, turn, every, new Random(seed * 100L + turn));
        }
        run.text("metrics.csv", run.metrics.toString());
        run.text("resolved.yaml", spec());
        run.environment();
        run.status("finished", "", 1, seeds);
        Files.write(
                Files.createDirectories(run.directory.resolve("model")).resolve("seed-1.safetensors"), new byte[4096]);
        return run.directory;
    }

    /** The spec of the shipped experiment, whose report section these reports follow. */
    static String spec() throws IOException {
        return Files.readString(Path.of("..", "experiments", "lottery_ticket.yaml"));
    }

    private void round(String run, int turn, int every, Random random) {
        double left = (265_200 * Math.pow(0.8, turn) + 1_000 * Math.pow(0.9, turn)) / 266_200;
        stage(run, "train", turn, every, 1 - 0.35 * Math.sin(Math.min(1, turn / 14.0) * Math.PI), left, random);
        stage(run, "control", turn, every, 1 + 0.16 * turn, left, random);
        metric(run, turn, "evaluate/accuracy", 0.98 - 0.003 * Math.max(0, turn - 15));
        metric(run, turn, "evaluate/weights-left", left);
        metric(run, turn, "evaluate/density.fc1", Math.pow(0.8, turn));
        metric(run, turn, "evaluate/density.fc2", Math.pow(0.8, turn) * 0.99);
        metric(run, turn, "evaluate/density.output", Math.pow(0.9, turn));
        metric(run, turn, "evaluate/bytes", Math.rint(266_200 * 4 * Math.min(1, 1.5 * left)));
        metric(run, turn, "prune/removed", Math.rint(266_200 * left * 0.2));
    }

    private void stage(String run, String step, int turn, int every, double slowness, double left, Random random) {
        boolean ticket = step.equals("train");
        double stop = 5500 * slowness;
        double best = 0.9785
                + (ticket ? 0.003 * Math.exp(-Math.pow(turn - 8, 2) / 20) : -0.0011 * turn)
                - (ticket ? 0.002 * Math.max(0, turn - 15) : 0)
                + 0.0004 * random.nextGaussian();
        for (int i = 0; i <= 50_000; i += every) {
            double learned = 1 - Math.exp(-(i + 20) / (stop / 4));
            double accuracy = 0.1
                    + (best - 0.1) * Math.min(1, 0.9 * Math.min(1, (i + 5) / 300.0) + 0.1 * learned)
                    + 0.0006 * random.nextGaussian();
            double loss = 0.07
                    + 2.2 * Math.exp(-(i + 30) / (stop / 12))
                    + 0.1 * Math.pow(Math.max(0, i - stop) / 50_000, 1.2)
                    + 0.002 * random.nextGaussian();
            metric(run, i, step + "." + turn + "/valid.loss", loss);
            metric(run, i, step + "." + turn + "/valid.accuracy", accuracy - 0.001);
            metric(run, i, step + "." + turn + "/loss", loss);
        }
        metric(run, turn, step + "/early-stop.iteration", 100 * Math.rint(stop / 100 + random.nextGaussian()));
        metric(run, turn, step + "/early-stop.test-accuracy", best);
        metric(run, turn, step + "/milliseconds-per-step", 0.09 + 0.35 * left);
        metric(run, turn, step + "/examples-per-second", 60_000 / (0.09 + 0.35 * left));
    }

    RunFixture metric(String run, long step, String name, double value) {
        String quoted = name.matches("[^\",\r\n]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
        metrics.append(run)
                .append(',')
                .append(step)
                .append(',')
                .append(quoted)
                .append(',')
                .append(Double.toString(value))
                .append('\n');
        return this;
    }

    RunFixture metrics() throws IOException {
        return text("metrics.csv", metrics.toString());
    }

    RunFixture text(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text);
        return this;
    }

    RunFixture environment() throws IOException {
        return text(
                "environment.json",
                Json.of(Map.of(
                        "git",
                        Map.of("commit", "5f0c1d2e3b4a59687766554433221100ffeeddcc", "dirty", ""),
                        "espalier",
                        "0.1.0",
                        "jdk",
                        "25.0.1",
                        "os",
                        "Linux 6.1 amd64",
                        "cpu",
                        "AMD EPYC 9755",
                        "threads",
                        2,
                        "blas",
                        "SkylakeX",
                        "device",
                        "cpu",
                        "data",
                        Map.of("mnist/train", "ab".repeat(32)),
                        "peak_rss_bytes",
                        612_000_000L)));
    }

    RunFixture status(String state, String error, int code, int seeds) throws IOException {
        List<Integer> list = new ArrayList<>();
        for (int i = 1; i <= seeds; i++) list.add(i);
        return text(
                "status.json",
                Json.of(Map.of(
                        "state",
                        state,
                        "stage",
                        state.equals("finished") ? "" : "repeat.3/train",
                        "exit_code",
                        code,
                        "error",
                        error,
                        "started",
                        "2026-11-22T12:00:00.123Z",
                        "seconds",
                        812.4,
                        "name",
                        "lottery_ticket",
                        "key",
                        "0a1b2c3d4e5f",
                        "seeds",
                        list,
                        "resume",
                        "make run EXP=lottery_ticket.yaml")));
    }
}
