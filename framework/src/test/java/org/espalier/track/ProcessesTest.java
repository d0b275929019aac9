package org.espalier.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
    private static final int STEPS = 3_000;

    @TempDir
    Path reports;

    @Test
    void severalProcessesAndThreadsCreateOneDatabase() throws IOException, InterruptedException, SQLException {
        List<String> output = Collections.synchronizedList(new ArrayList<>());
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(ChildRun.start(reports, "process-" + i, 0, 1000, "none"));
        }
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(i -> Thread.ofPlatform().start(() -> {
                    try (Tracker tracker = Tracking.open(reports, Map.of(), output::add)) {
                        Tracker.Run run = tracker.start(RunInfo.of(
                                RunInfo.id("thread-" + i), "lottery", "thread-" + i, reports.resolve("x" + i)));
                        IntStream.range(0, 1000).forEach(step -> run.metric("loss", step, step));
                        run.end(RunStatus.FINISHED);
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        for (Process process : processes) {
            ChildRun.output(process)
                    .lines()
                    .filter(line -> !line.startsWith("flushed true"))
                    .forEach(output::add);
            assertThat(process.waitFor()).isZero();
        }
        assertThat(output).isEmpty();
        TestDatabase database = new TestDatabase(reports.resolve("mlflow.db"));
        assertThat(database.rows("SELECT * FROM alembic_version")).containsExactly(MlflowDatabase.REVISION);
        assertThat(database.rows("SELECT status, count(*) FROM runs GROUP BY status"))
                .containsExactly("FINISHED|7");
        assertThat(database.rows("SELECT count(*) FROM metrics")).containsExactly("7000");
        assertThat(database.rows("SELECT count(*) FROM experiments WHERE name = 'lottery'"))
                .containsExactly("1");
        System.out.println("one database: 3 processes and 4 threads, 7 runs, 7000 points, 0 notices");
    }

    @Test
    void runsThatAreKilledLoseNothingBeforeTheirCheckpoint() throws IOException, InterruptedException, SQLException {
        TestDatabase database = new TestDatabase(reports.resolve("mlflow.db"));
        int kills = 4;
        int again = 0;
        try (FakeMlflow server = new FakeMlflow()) {
            int from = 0;
            for (int kill = 0; kill < kills; kill++) {
                if (kill == 2) {
                    server.die();
                }
                int flushed = killAfter(3, from, server.address());
                List<String> kept =
                        database.rows("SELECT count(DISTINCT step), count(*) FROM metrics WHERE step < " + flushed);
                assertThat(kept).containsExactly(flushed + "|" + flushed);
                from = flushed - 150;
                again += 150;
            }
            server.start();
            Process last = ChildRun.start(reports, "killed", from, STEPS, server.address());
            last.getInputStream().readAllBytes();
            assertThat(last.waitFor()).isZero();
            assertThat(Sync.run(reports, Map.of("MLFLOW_TRACKING_URI", server.address()), line -> {})
                            .complete())
                    .isTrue();
            assertThat(server.received()).hasSize(STEPS).doesNotHaveDuplicates();
            assertThat(server.tags).hasSize(1);
            assertThat(server.status).containsValue("FINISHED");
        }
        assertThat(database.rows("SELECT count(*), count(DISTINCT step) FROM metrics"))
                .containsExactly(STEPS + "|" + STEPS);
        assertThat(database.rows("SELECT status FROM runs")).containsExactly("FINISHED");
        System.out.printf(
                "kill -9 of the run: %d kills, %d points, at least %d logged again, each once in the store and at the"
                        + " server%n",
                kills, STEPS, again);
    }

    @Test
    void killedRunIsFailedAtTheServerAfterSync() throws IOException, InterruptedException {
        try (FakeMlflow server = new FakeMlflow()) {
            server.die();
            int flushed = killAfter(2, 0, server.address());
            server.start();
            Sync.Outcome outcome = Sync.run(reports, Map.of(), line -> {});
            assertThat(outcome.complete()).isTrue();
            assertThat(server.received()).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(flushed);
            assertThat(server.status).containsValue("FAILED");
        }
    }

    /** Kills a run when it has flushed so many times; returns the step that was flushed last. */
    private int killAfter(int flushes, int from, String server) throws IOException, InterruptedException {
        Process process = ChildRun.start(reports, "killed", from, STEPS, server);
        int flushed = 0;
        try (BufferedReader reader = ChildRun.output(process)) {
            for (int i = 0; i < flushes; i++) {
                String line = reader.readLine();
                assertThat(line).startsWith("flushed true ");
                flushed = Integer.parseInt(line.split(" ")[2]);
            }
            process.destroyForcibly();
            process.waitFor();
        }
        return flushed;
    }
}
