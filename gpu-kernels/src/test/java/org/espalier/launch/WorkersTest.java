package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.espalier.kernels.Shapes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WorkersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void coversEveryUnitOnce(int threads) {
        var random = Shapes.random(threads);
        try (Workers workers = new Workers(threads)) {
            for (int round = 0; round < 500; round++) {
                int extent = random.nextInt(1, 200), grain = random.nextInt(1, 50);
                AtomicIntegerArray seen = new AtomicIntegerArray(extent);
                workers.run(extent, grain, (first, count) -> {
                    assertThat(first % grain).isZero();
                    for (int i = first; i < first + count; i++) seen.incrementAndGet(i);
                });
                for (int i = 0; i < extent; i++) assertThat(seen.get(i)).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void passesAnExceptionOnAndLivesOn(int threads) {
        try (Workers workers = new Workers(threads)) {
            for (int failing = 0; failing < 20; failing++) {
                int bad = failing;
                assertThatThrownBy(() -> workers.run(20, 1, (first, count) -> {
                            if (first == bad) throw new IllegalArgumentException("slice " + first);
                        }))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("slice " + bad);
                AtomicInteger ran = new AtomicInteger();
                workers.run(20, 1, (first, count) -> ran.incrementAndGet());
                assertThat(ran).hasValue(20);
            }
            assertThatThrownBy(() -> workers.run(4, 1, (first, count) -> {
                        throw new AssertionError("an error, too");
                    }))
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void handsOverQuickly() {
        int jobs = 100_000;
        for (int threads = 1; threads <= 3; threads++) {
            try (Workers workers = new Workers(threads)) {
                AtomicInteger ran = new AtomicInteger();
                double empty = micros(workers, jobs, (first, count) -> ran.incrementAndGet());
                double busy = micros(workers, jobs / 10, (first, count) -> spin(5_000));
                System.out.printf(
                        "WorkersTest: %d jobs of 2 slices on %d threads: %.2f µs each if empty, %.2f µs if a slice takes 5 µs%n",
                        jobs, threads, empty, busy);
                assertThat(ran).hasValue(2 * jobs);
            }
        }
    }

    private static double micros(Workers workers, int jobs, Launch.Slice body) {
        long start = System.nanoTime();
        for (int job = 0; job < jobs; job++) workers.run(2, 1, body);
        return (System.nanoTime() - start) / 1e3 / jobs;
    }

    private static void spin(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) Thread.onSpinWait();
    }

    /** Threads that were late for one job must find nothing to do there, and never a slice of the next one with the old body. */
    @Test
    void lateThreadsNeverDisturbANewJob() {
        var random = Shapes.random(7);
        int jobs = 20_000, disturbed = 0;
        try (Workers workers = new Workers(4)) {
            for (int job = 0; job < jobs; job++) {
                int mark = job, extent = random.nextInt(1, 9);
                int[] output = new int[extent];
                boolean pause = random.nextInt(64) == 0;
                workers.run(extent, 1, (first, count) -> {
                    if (pause && first == 0) Thread.yield();
                    output[first] += mark + 1;
                });
                for (int value : output) if (value != mark + 1) disturbed++;
                if (random.nextInt(2_000) == 0) LockSupport.parkNanos(10_000_000); // long enough for the others to park
            }
        }
        System.out.println("WorkersTest: " + jobs + " jobs on 4 threads, " + disturbed + " outputs disturbed");
        assertThat(disturbed).isZero();
    }

    @Test
    void closesItsThreads() throws InterruptedException {
        Workers workers = new Workers(3);
        workers.run(8, 1, (first, count) -> {});
        Thread.sleep(20); // some of them parked by now
        workers.close();
        for (int wait = 0; wait < 100 && alive(); wait++) Thread.sleep(10);
        assertThat(alive()).isFalse();
    }

    private static boolean alive() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(t -> t.getName().startsWith("espalier-worker-"));
    }

    @Test
    void refusesToHaveNoThread() {
        assertThatThrownBy(() -> new Workers(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
