package org.espalier.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.espalier.engine.Rng;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same spec started twice: one process works, the other says which. */
class TwoProcessesTest {
    @TempDir
    Path temporary;

    private final RandomGenerator random = Rng.of(18, "two processes", 0);

    @Test
    void ofTwoProcessesExactlyOneWorks() throws Exception {
        rounds(3);
    }

    @Test
    @Tag("soak")
    void ofTwoProcessesExactlyOneWorksFiftyTimes() throws Exception {
        rounds(50);
    }

    @Test
    void aLockOfADeadOrAnotherProcessIsNoObstacle() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        staleLock("dead", dead.pid());
        staleLock("reused", ProcessHandle.current().pid());
        System.out.println("stale locks: of a dead process and of one whose number is in use again, both taken over");
    }

    private void staleLock(String name, long pid) throws IOException, InterruptedException {
        ToyHome home = ToyHome.at(temporary.resolve(name), 200);
        Files.createDirectories(home.folder().path());
        Files.writeString(home.folder().path().resolve("lock"), Long.toString(pid));
        Child child = home.run();
        assertThat(child.end()).as("%s", child.err()).isZero();
        assertThat(child.out()).anyMatch(line -> line.startsWith("finished: "));
    }

    private void rounds(int rounds) throws Exception {
        int firstWon = 0;
        for (int round = 0; round < rounds; round++) {
            ToyHome home = ToyHome.at(temporary.resolve("round-" + round), 500);
            Child first = home.run();
            Thread.sleep(random.nextInt(200));
            Child second = home.run();
            int[] codes = {first.end(), second.end()};
            assertThat(codes).as("%s %s", first.err(), second.err()).containsExactly(0, 0);
            boolean won = worked(first);
            assertThat(worked(second)).isEqualTo(!won);
            Child winner = won ? first : second;
            Child other = won ? second : first;
            assertThat(other.out()).anyMatch(line -> line.startsWith("running in process " + winner.pid() + ": "));
            assertThat(home.status("pid")).contains(Math.toIntExact(winner.pid()));
            assertThat(home.rows("SELECT DISTINCT status FROM runs")).isEqualTo(List.of("FINISHED"));
            if (won) firstWon++;
        }
        System.out.printf(
                "two processes, one run: %d rounds, one worked in each (%d times the first), the other named it%n",
                rounds, firstWon);
    }

    private static boolean worked(Child child) {
        return child.out().stream().anyMatch(line -> line.startsWith("finished: "));
    }
}
