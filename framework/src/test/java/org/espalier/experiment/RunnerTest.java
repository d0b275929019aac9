package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.espalier.engine.Rng;
import org.espalier.launch.ApartDevice;
import org.espalier.launch.TornadoDevice;
import org.espalier.train.NotFiniteException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerTest {
    @TempDir
    static Path shared;

    private static Map<String, String> uninterrupted;

    @BeforeAll
    static void runOnce() throws IOException {
        Runner.Result result = Toy.run(shared, Toy.program(""), 1, Progress.SILENT, new Stop());
        assertThat(result.outcome()).isEqualTo(Runner.Outcome.FINISHED);
        uninterrupted = Toy.results(result.folder());
        assertThat(uninterrupted).containsKeys("metrics.csv", "model/seed-1.safetensors", "model/seed-2.safetensors");
    }

    @Test
    void aFinishedRunIsNotRunAgain() throws IOException {
        Runner.Result again = Toy.run(shared, Toy.program(""), 1, Progress.SILENT, new Stop());
        assertThat(again.outcome()).isEqualTo(Runner.Outcome.ALREADY_FINISHED);
        assertThat(Toy.results(again.folder())).isEqualTo(uninterrupted);
    }

    @Test
    void bitsDoNotDependOnThreads(@TempDir Path home) throws IOException {
        for (int threads : new int[] {2, 3}) {
            Path own = home.resolve("threads-" + threads);
            Runner.Result result = Toy.run(own, Toy.program(""), threads, Progress.SILENT, new Stop());
            assertThat(Toy.results(result.folder())).isEqualTo(uninterrupted);
        }
    }

    @Test
    void aDeviceWithAMemoryOfItsOwnGivesTheSameBits(@TempDir Path home) throws IOException {
        try (ApartDevice apart = ApartDevice.collecting()) {
            Runner.Result result = Toy.run(home, Toy.program(""), apart, Progress.SILENT, new Stop());
            assertThat(Toy.results(result.folder())).isEqualTo(uninterrupted);
        }
    }

    /** Nor those of the CPU for another's. */
    @Test
    void resultsOfAnotherDeviceAreNotTakenForTheCpus(@TempDir Path home) throws IOException {
        Runner.Result cpu = Toy.run(home, Toy.shortProgram(), 1, Progress.SILENT, new Stop());
        try (ApartDevice other = new ApartDevice("another")) {
            Runner.Result there = Toy.run(home, Toy.shortProgram(), other, Progress.SILENT, new Stop());
            assertThat(there.outcome()).isEqualTo(Runner.Outcome.FINISHED);
            assertThat(there.folder()).isNotEqualTo(cpu.folder());
            assertThat(there.folder().arithmetic()).isEqualTo("another");
            assertThat(cpu.folder().arithmetic()).isEqualTo("cpu");
            assertThat(Toy.run(home, Toy.shortProgram(), other, Progress.SILENT, new Stop())
                            .outcome())
                    .isEqualTo(Runner.Outcome.ALREADY_FINISHED);
        }
        Program begun = Toy.shortProgram().on("another");
        assertThatThrownBy(() -> Toy.run(home, begun, 1, Progress.SILENT, new Stop()))
                .hasMessageContaining("begun on another");
    }

    /** A GPU adds in another order: masks and accuracies are the CPU's but for what hangs by a rounding. */
    @Test
    @Tag("gpu")
    void aGpuFindsTheSameTickets(@TempDir Path home) throws IOException {
        Path cpu = Toy.run(home.resolve("cpu"), Toy.shortProgram(), 1, Progress.SILENT, new Stop())
                .folder()
                .path();
        try (TornadoDevice gpu = TornadoDevice.open("gpu", 1)) {
            Path there = Toy.run(home.resolve("gpu"), Toy.shortProgram(), gpu, Progress.SILENT, new Stop())
                    .folder()
                    .path();
            Map<String, Double> here = metrics(cpu), away = metrics(there);
            assertThat(away.keySet()).isEqualTo(here.keySet());
            here.forEach((name, value) ->
                    assertThat(away.get(name)).as(name).isCloseTo(value, Offset.offset(1e-3 + 1e-2 * Math.abs(value))));
        }
    }

    private static Map<String, Double> metrics(Path run) throws IOException {
        Map<String, Double> metrics = new TreeMap<>();
        for (String line : Files.readAllLines(run.resolve("metrics.csv"))) {
            String[] cells = line.split(",");
            if (!cells[0].equals("run")) metrics.put(cells[1] + " " + cells[2], Double.parseDouble(cells[3]));
        }
        return metrics;
    }

    /** Stops at random stages and steps until the run comes to its end; the results are those of a run never stopped. */
    @Test
    void aStoppedRunGoesOnToTheSameBits(@TempDir Path home) throws IOException {
        RandomGenerator random = Rng.of(7, "stops", 0);
        int stops = 0;
        Runner.Result result;
        do {
            Stop stop = new Stop();
            int[] left = {1 + random.nextInt(12)};
            result = Toy.run(
                    home,
                    Toy.program(""),
                    2,
                    new Progress() {
                        @Override
                        public void step(long step, long steps, double loss) {
                            if (--left[0] == 0) stop.ask();
                        }
                    },
                    stop);
            if (result.outcome() == Runner.Outcome.STOPPED) {
                stops++;
                assertThat(result.folder().status().orElseThrow()).containsEntry("state", "stopped");
            }
        } while (result.outcome() != Runner.Outcome.FINISHED);
        System.out.println("stopped and resumed " + stops + " times");
        assertThat(stops).isGreaterThan(5);
        assertThat(Toy.results(result.folder())).isEqualTo(uninterrupted);
    }

    /** An evaluation or a pruning may take minutes: a stop does not wait for its end, and the stage is done again later. */
    @Test
    void aStopDoesNotWaitForTheEndOfAnEvaluation(@TempDir Path home) throws IOException {
        Stop stop = new Stop();
        String[] stage = {""};
        Progress progress = new Progress() {
            @Override
            public void stage(long seed, String name, int number, int of, double weightsLeft) {
                stage[0] = name;
                if (name.endsWith("evaluate") && seed == 2) stop.ask();
            }
        };
        Runner.Result first = Toy.run(home, Toy.program(""), 2, progress, stop);
        assertThat(first.outcome()).isEqualTo(Runner.Outcome.STOPPED);
        assertThat(stage[0]).endsWith("evaluate");
        assertThat(Files.readString(first.folder().metrics())).doesNotContain("seed-2,0,evaluate/");
        Runner.Result second = Toy.run(home, Toy.program(""), 2, Progress.SILENT, new Stop());
        assertThat(second.outcome()).isEqualTo(Runner.Outcome.FINISHED);
        assertThat(Files.readString(second.folder().metrics())).contains("seed-2,0,evaluate/accuracy");
        assertThat(Toy.results(second.folder())).isEqualTo(uninterrupted);
    }

    @Test
    void ofTwoRunnersExactlyOneWorks(@TempDir Path home) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            Future<Runner.Result> first = pool.submit(() -> Toy.run(
                    home,
                    Toy.program("train.steps=200"),
                    1,
                    new Progress() {
                        @Override
                        public void stage(long seed, String stage, int number, int of, double weightsLeft) {
                            begun.countDown();
                            try {
                                go.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }
                    },
                    new Stop()));
            begun.await();
            Runner.Result second = Toy.run(home, Toy.program("train.steps=200"), 1, Progress.SILENT, new Stop());
            assertThat(second.outcome()).isEqualTo(Runner.Outcome.BUSY);
            assertThat(second.owner())
                    .isEqualTo(Long.toString(ProcessHandle.current().pid()));
            go.countDown();
            assertThat(first.get().outcome()).isEqualTo(Runner.Outcome.FINISHED);
        }
    }

    @Test
    void aLossThatIsNotANumberFailsTheRunAndKeepsItsCheckpoint(@TempDir Path home) throws IOException {
        Program diverging = Toy.program("seeds=[1] checkpoint=0.001 control.optimise.sgd.rate=1e30 control.clip=0");
        assertThatThrownBy(() -> Toy.run(home, diverging, 1, Progress.SILENT, new Stop()))
                .isInstanceOf(NotFiniteException.class)
                .hasMessageContaining("repeat.1/control");
        RunFolder folder = RunFolder.of(home.resolve("reports"), diverging);
        assertThat(folder.status().orElseThrow())
                .containsEntry("state", "failed")
                .containsEntry("exit_code", 1);
        assertThat(folder.status().orElseThrow().get("error").toString()).contains("step");
        assertThat(org.espalier.data.file.Snapshot.latest(folder.checkpoint(1))).isPresent();
    }

    @Test
    void metricsHaveTheirColumns() throws IOException {
        RunFolder folder = RunFolder.of(shared.resolve("reports"), Toy.program(""));
        List<String> lines = Files.readAllLines(folder.metrics());
        assertThat(lines.getFirst()).isEqualTo("run,step,name,value");
        assertThat(lines).anyMatch(l -> l.startsWith("seed-2,3,train/early-stop.iteration,"));
        assertThat(lines).anyMatch(l -> l.startsWith("seed-1,50,train.0/test.loss,"));
        assertThat(lines).doesNotHaveDuplicates();
        for (String file : new String[] {"status.json", "resolved.yaml", "environment.json", "timings.csv"})
            assertThat(folder.path().resolve(file)).exists();
    }

    @Test
    void masksAreNestedAndSurvivorsStartWhereTheyWereRewoundTo() throws IOException {
        RunFolder folder = RunFolder.of(shared.resolve("reports"), Toy.program(""));
        String metrics = Files.readString(folder.metrics());
        assertThat(metrics).contains("seed-1,1,prune/density.fc1,0.5\n").contains("seed-1,2,prune/density.fc1,0.25\n");
    }

    @Test
    void saysWhereMemoryRanOutAndWhatWasEstimated(@TempDir Path home) {
        Progress full = new Progress() {
            @Override
            public void stage(long seed, String stage, int number, int of, double weightsLeft) {
                if (number == 2) throw new OutOfMemoryError("Java heap space");
            }
        };
        Program program = Toy.program("");
        assertThatThrownBy(() -> Toy.run(home, program, 1, full, new Stop()))
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("stage seed-1/" + program.stages().get(1).path())
                .hasMessageContaining(
                        "the plan estimates %.1f GB".formatted(program.cost().bytes() / 1e9))
                .hasMessageContaining("Java heap space");
    }
}
