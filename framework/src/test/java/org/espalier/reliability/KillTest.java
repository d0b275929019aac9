package org.espalier.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.espalier.data.file.Snapshot;
import org.espalier.engine.Rng;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line is killed again and again, and ends with the results of a run that was left alone. */
class KillTest {
    private static final double INTERVAL = 0.05;
    private static final double ALLOWANCE = 2;

    @TempDir
    Path temporary;

    private final RandomGenerator random = Rng.of(11, "kills", 0);
    private final List<Double> lost = new ArrayList<>();
    private int kills;
    private int whileStarting;
    private int whileSaving;
    private int whileReporting;
    private int rounds;

    @Test
    void eightKillsChangeNothing() throws Exception {
        survive(8, 250);
    }

    @Test
    @Tag("soak")
    void fiftyKillsChangeNothing() throws Exception {
        survive(50, 800);
    }

    private void survive(int wanted, int steps) throws Exception {
        ToyHome left = ToyHome.at(temporary.resolve("left-alone"), steps);
        double seconds = undisturbed(left);
        while (kills < wanted) {
            ToyHome home = ToyHome.at(temporary.resolve("killed-" + ++rounds), steps);
            untilFinished(home, wanted, seconds);
            assertThat(home.results()).isEqualTo(left.results());
            assertThat(home.folder().report()).isNotEmptyFile();
            assertThat(home.leftOvers()).isEmpty();
            sameInTheStore(home, left);
        }
        Collections.sort(lost);
        double worst = lost.isEmpty() ? 0 : lost.getLast();
        double median = lost.isEmpty() ? 0 : lost.get(lost.size() / 2);
        System.out.printf(
                "kill -9: %d kills in %d runs of %.1f s (%d before the work began, %d inside a checkpoint write, %d while"
                        + " the report was written); work lost: median %.3f s, worst %.3f s, checkpoints every %.2f s%n",
                kills, rounds, seconds, whileStarting, whileSaving, whileReporting, median, worst, INTERVAL);
        assertThat(lost).as("kills in the midst of work").isNotEmpty();
        assertThat(worst).isLessThan(INTERVAL + ALLOWANCE * Machine.slowness());
    }

    /** Runs it to its end and says for how long it worked. */
    private double undisturbed(ToyHome home) throws Exception {
        Child child = home.run();
        while (child.process().isAlive() && !home.worksIn(child.pid())) Thread.sleep(2);
        long start = System.nanoTime();
        assertThat(child.end()).as("%s", child.err()).isZero();
        return (System.nanoTime() - start) / 1e9;
    }

    private void untilFinished(ToyHome home, int wanted, double seconds) throws Exception {
        boolean reportSpoilt = false;
        while (true) {
            Child child = home.run();
            boolean early = kills < wanted && random.nextInt(8) == 0;
            long wait = (long) (1e9 * random.nextDouble() * (early ? 0.5 : seconds / 4));
            if (kills >= wanted) wait = Long.MAX_VALUE; // one more, while the report is written
            if (kills >= wanted && reportSpoilt || !moment(home, child, early, wait, reportSpoilt)) {
                assertThat(child.end()).as("%s", child.err()).isZero();
                assertThat(child.out()).anyMatch(line -> line.startsWith("finished"));
                return;
            }
            reportSpoilt |= "finished".equals(home.status("state").orElse(""));
        }
    }

    /** Waits for the moment and kills; false if the run came to its end first. */
    private boolean moment(ToyHome home, Child child, boolean early, long wait, boolean reportSpoilt) throws Exception {
        long begin = System.nanoTime();
        long since = 0;
        while (child.process().isAlive()) {
            boolean finished = "finished".equals(home.status("state").orElse(""));
            if (finished && reportSpoilt) return false;
            if (finished) {
                Thread.sleep(random.nextInt(300));
                break;
            }
            if (since == 0 && home.worksIn(child.pid())) {
                since = System.currentTimeMillis();
                if (!early) begin = System.nanoTime();
            }
            if ((early || since > 0) && System.nanoTime() - begin > wait) break;
            Thread.sleep(2);
        }
        if (!child.process().isAlive()) return false;
        long now = System.currentTimeMillis();
        child.kill();
        count(home, since, now);
        return true;
    }

    private void count(ToyHome home, long since, long now) throws IOException {
        kills++;
        if ("finished".equals(home.status("state").orElse(""))) whileReporting++;
        else if (since == 0) whileStarting++;
        else lost.add((now - Math.max(since, lastCheckpoint(home))) / 1e3);
        if (home.leftOvers().stream().anyMatch(path -> path.toString().contains("checkpoint"))) whileSaving++;
    }

    /** When the newest checkpoint that loads was written; milliseconds since 1970. */
    private static long lastCheckpoint(ToyHome home) throws IOException {
        long newest = 0;
        for (long seed : new long[] {1, 2}) {
            Optional<Snapshot> snapshot = Snapshot.latest(home.folder().checkpoint(seed));
            if (snapshot.isPresent()) {
                Path manifest = snapshot.get().folder().resolve("checkpoint.json");
                newest = Math.max(newest, Files.getLastModifiedTime(manifest).toMillis());
            }
        }
        return newest;
    }

    private static void sameInTheStore(ToyHome home, ToyHome left) throws SQLException {
        assertThat(home.points()).isNotEmpty().isEqualTo(left.points());
        String each = "SELECT run_uuid, key, step, count(*) FROM metrics GROUP BY run_uuid, key, step";
        assertThat(home.rows(each)).isEqualTo(left.rows(each)).allMatch(row -> row.endsWith("|1"));
        assertThat(home.rows("SELECT status, count(*) FROM runs GROUP BY status"))
                .containsExactly("FINISHED|3");
        String newest = "SELECT run_uuid, key, step FROM latest_metrics ORDER BY run_uuid, key";
        assertThat(home.rows(newest)).isEqualTo(left.rows(newest));
    }
}
