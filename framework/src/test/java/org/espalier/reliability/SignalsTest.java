package org.espalier.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.espalier.engine.Rng;
import org.espalier.experiment.RunFolder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM and SIGINT end a run with a checkpoint, and it goes on from there to the same bits. */
class SignalsTest {
    private static final double SECONDS = 2;

    @TempDir
    Path temporary;

    private final RandomGenerator random = Rng.of(19, "signals", 0);
    private double slowest;
    private int stops;
    private int halts;

    @Test
    void twoOfEachStopARunThatThenGoesOn() throws Exception {
        signals(2, 1, 400);
    }

    @Test
    @Tag("soak")
    void twentyOfEachStopARunThatThenGoesOn() throws Exception {
        signals(20, 5, 1500);
    }

    /** @param second how many interrupts are followed by another one */
    private void signals(int each, int second, int steps) throws Exception {
        List<String> ahead = new ArrayList<>();
        for (int i = 0; i < each; i++) ahead.addAll(List.of("TERM", "INT"));
        for (int i = 0; i < second; i++) ahead.add("INT INT");
        ToyHome left = ToyHome.at(temporary.resolve("left-alone"), steps);
        assertThat(left.run().end()).isZero();
        int rounds = 0;
        while (!ahead.isEmpty()) {
            ToyHome home = ToyHome.at(temporary.resolve("stopped-" + ++rounds), steps);
            boolean finished = false;
            while (!finished) finished = ahead.isEmpty() ? toTheEnd(home) : signalled(home, ahead);
            assertThat(home.results()).isEqualTo(left.results());
            assertThat(home.points()).isNotEmpty().isEqualTo(left.points());
            assertThat(home.rows("SELECT DISTINCT status FROM runs")).containsExactly("FINISHED");
        }
        System.out.printf(
                "signals: %d stops (SIGTERM and SIGINT in turn) and %d second interrupts in %d runs; slowest stop %.2f s%n",
                stops, halts, rounds, slowest);
        assertThat(stops).isEqualTo(2 * each);
        assertThat(slowest).isLessThan(SECONDS * Machine.slowness());
    }

    private static boolean toTheEnd(ToyHome home) throws Exception {
        Child child = home.run();
        assertThat(child.end()).as("%s", child.err()).isZero();
        return true;
    }

    /** Sends the next signal; true if the run had come to its end before. */
    private boolean signalled(ToyHome home, List<String> ahead) throws Exception {
        Child child = home.run();
        while (child.process().isAlive() && !home.worksIn(child.pid())) Thread.sleep(2);
        Thread.sleep(random.nextInt(250));
        String name = ahead.getFirst().split(" ")[0];
        boolean twice = ahead.getFirst().contains(" ");
        long start = System.nanoTime();
        child.signal(name);
        if (twice) child.signal(name);
        int exitCode = child.end();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (exitCode == 0) return true;
        ahead.removeFirst();
        assertThat(exitCode).as("%s", child.err()).isEqualTo(name.equals("INT") ? 130 : 143);
        slowest = Math.max(slowest, seconds);
        if (twice) halts++;
        else stopped(home, child, exitCode);
        return false;
    }

    private void stopped(ToyHome home, Child child, int exitCode) throws Exception {
        stops++;
        RunFolder folder = home.folder();
        assertThat(child.err()).anyMatch(line -> line.equals("stopped; go on with: make run EXP=toy.yaml"));
        Map<String, Object> status = folder.status().orElseThrow();
        assertThat(status).containsEntry("state", "stopped").containsEntry("exit_code", exitCode);
        assertThat(status).containsEntry("resume", "make run EXP=toy.yaml");
        assertThat(home.leftOvers()).isEmpty();
        assertThat(home.rows("SELECT DISTINCT status FROM runs"))
                .contains("KILLED")
                .doesNotContain("RUNNING", "FAILED");
        assertThat(home.rows("SELECT status FROM runs WHERE name NOT LIKE '% seed %'"))
                .containsExactly("KILLED");
    }
}
