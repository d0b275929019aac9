package org.espalier.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.track.FakeMlflow.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the server does, the run is neither stopped nor slowed, and after {@link Sync} each point is there once. */
@Tag("reliability")
class OutageTest {
    private static final int STEPS = 5_000;
    private static final int LOGGED = 2 * STEPS;

    @TempDir
    Path reports;

    private final List<String> notices = Collections.synchronizedList(new ArrayList<>());
    private final String run = RunInfo.id("run");
    private FakeMlflow server;

    @BeforeEach
    void listen() throws IOException {
        server = new FakeMlflow();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Map<String, String> environment() {
        return Map.of("MLFLOW_TRACKING_URI", server.address());
    }

    private interface Middle {
        void at(int step) throws IOException;
    }

    /** A run of short steps that logs two curves; returns milliseconds of its loop, of its end, median nanoseconds a step of logging. */
    private long[] train(Tracker tracker, int from, Middle middle) throws IOException {
        Tracker.Run handle = tracker.start(RunInfo.of(run, "lottery", "seed-1", reports.resolve("runs/lottery/x"))
                .withParameters(Map.of("a", "1")));
        long start = System.nanoTime();
        long[] logging = new long[STEPS - from];
        double weight = 1;
        for (int step = from; step < STEPS; step++) {
            middle.at(step);
            for (int i = 0; i < 20_000; i++) {
                weight = weight * 0.999 + i;
            }
            long before = System.nanoTime();
            handle.metric("loss", step, weight);
            handle.metric("valid.accuracy", step, weight);
            logging[step - from] = System.nanoTime() - before;
        }
        long loop = System.nanoTime();
        handle.end(RunStatus.FINISHED);
        tracker.close();
        return new long[] {(loop - start) / 1_000_000, (System.nanoTime() - loop) / 1_000_000, median(logging)};
    }

    private static long median(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private long[] train(Middle middle) throws IOException {
        return train(Tracking.open(reports, environment(), notices::add), 0, middle);
    }

    private Sync.Outcome sync() throws IOException {
        return Sync.run(reports, environment(), notices::add);
    }

    private void report(String what, long[] millis, int atEnd, Sync.Outcome outcome) throws IOException {
        List<String> received = server.received();
        System.out.printf(
                "%-28s logged %d, at the server when the run ended %d, after sync %d, of these twice %d;"
                        + " loop %d ms, end %d ms; logging takes %d ns, %.1f %% of a step of 100 us%n",
                what,
                LOGGED,
                atEnd,
                received.size(),
                received.size() - new HashSet<>(received).size(),
                millis[0],
                millis[1],
                millis[2],
                millis[2] / 100_000.0 * 100);
        // Less than 5 % of a step of 100 us, even if every step logged.
        assertThat(millis[2]).isLessThan(5_000);
        assertThat(received).hasSize(LOGGED).doesNotHaveDuplicates();
        assertThat(server.status.get(server.remote(run))).isEqualTo("FINISHED");
        assertThat(outcome.complete()).isTrue();
        assertThat(outcome.refused()).isZero();
        assertThat(spools()).isEmpty();
        assertThat(new TestDatabase(reports.resolve("mlflow.db")).file()).exists();
    }

    private List<Path> spools() throws IOException {
        try (Stream<Path> files = Files.list(reports.resolve("spool"))) {
            return files.toList();
        }
    }

    @Test
    void healthyServerHasEverythingWhenTheRunEnds() throws IOException {
        long[] millis = train(step -> {});
        int atEnd = server.received().size();
        assertThat(atEnd).isEqualTo(LOGGED);
        assertThat(notices).isEmpty();
        report("healthy", millis, atEnd, sync());
    }

    /** A run that is over at once would end before anyone has tried the server. */
    private void awaitNotice(String text) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (System.nanoTime() < end && List.copyOf(notices).stream().noneMatch(n -> n.contains(text)))
            Thread.onSpinWait();
    }

    @Test
    void absentServer() throws IOException {
        server.die();
        long[] millis = train(step -> {
            if (step == STEPS / 2) awaitNotice("does not take records now");
        });
        assertThat(millis[1]).isLessThan(20_000);
        assertThat(notices).anyMatch(n -> n.contains("does not take records now"));
        assertThat(notices).anyMatch(n -> n.contains("`espalier sync` will deliver them"));
        Sync.Outcome early = sync();
        assertThat(early.complete()).isFalse();
        assertThat(early.left()).isEqualTo(LOGGED + 2);
        server.start();
        report("absent", millis, 0, sync());
    }

    @Test
    void serverThatDiesMidRunAndComesBack() throws IOException {
        long[] millis = train(step -> {
            if (step == STEPS / 3) {
                server.die();
            }
            if (step == 2 * STEPS / 3) {
                server.start();
            }
        });
        int atEnd = server.received().size();
        report("dies, comes back", millis, atEnd, sync());
    }

    @Test
    void serverThatAcceptsAndNeverAnswers() throws IOException {
        server.fault(Fault.SILENT, Integer.MAX_VALUE);
        long[] millis = train(step -> {});
        assertThat(millis[1]).isLessThan(20_000);
        assertThat(notices).anyMatch(n -> n.contains("`espalier sync` will deliver them"));
        server.fault(Fault.NONE, 0);
        report("never answers", millis, server.received().size(), sync());
    }

    @Test
    void serverWithFiftyErrors() throws IOException {
        server.fault(Fault.ERROR_500, 50);
        long[] millis = train(step -> {});
        int atEnd = server.received().size();
        server.fault(Fault.NONE, 0);
        report("500 x 50", millis, atEnd, sync());
    }

    @Test
    void serverThatIsBusyFiftyTimes() throws IOException {
        server.fault(Fault.BUSY_429, 50);
        long[] millis = train(step -> {});
        int atEnd = server.received().size();
        server.fault(Fault.NONE, 0);
        report("429 x 50", millis, atEnd, sync());
    }

    @Test
    void slowServer() throws IOException {
        server.fault(Fault.SLOW, 6);
        long[] millis = train(step -> {});
        int atEnd = server.received().size();
        server.fault(Fault.NONE, 0);
        report("slow 2 s", millis, atEnd, sync());
    }

    @Test
    void requestsThatWorkButAreNotAnsweredAreNotRepeatedBlindly() throws IOException {
        server.fault(Fault.DROPS_ANSWER, 3);
        long[] millis = train(step -> {});
        int atEnd = server.received().size();
        assertThat(server.strikes.get()).isLessThan(3);
        server.fault(Fault.NONE, 0);
        report("answers lost", millis, atEnd, sync());
    }

    @Test
    void resumedRunContinuesTheServersRun() throws IOException {
        Tracker first = Tracking.open(reports, environment(), notices::add);
        Tracker.Run handle = first.start(RunInfo.of(run, "lottery", "seed-1", reports.resolve("runs/lottery/x")));
        for (int step = 0; step < STEPS / 2; step++) {
            handle.metric("loss", step, 1);
            handle.metric("valid.accuracy", step, 1);
        }
        first.flush();
        first.close();
        long[] millis = train(Tracking.open(reports, environment(), notices::add), STEPS / 4, step -> {});
        int atEnd = server.received().size();
        assertThat(server.tags).hasSize(1);
        report("resumed", millis, atEnd, sync());
    }
}
