package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.espalier.data.file.Digest;
import org.espalier.launch.CpuDevice;
import org.espalier.models.Zoo;
import org.espalier.select.Pools;
import org.espalier.spec.Yaml;
import org.espalier.track.Tracker;
import org.espalier.track.Tracking;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectStepTest {
    private static final String HEAD = """
            name: toy
            data:
              train: { modular-addition: { modulus: 23, part: train } }
              test: { modular-addition: { modulus: 23, part: test } }
            model: { lenet: { hidden: [24] } }
            checkpoint: 0.01
            """;
    private static final String TRAIN = "batch: 16, steps: 200, optimise: { adam: { rate: 0.003 } }";
    private static final String STEPS = HEAD + """
            steps:
              - save: init
              - repeat:
                  times: 2
                  steps:
                    - select: { as: score, to: hard, keep: 0.5, el2n: { runs: 3, TRAIN } }
                    - select: { from: hard, to: few, keep: 20, by: at-random }
                    - train: { data: hard, TRAIN }
                    - prune: { ratio: 0.3, of: remaining }
                    - train: { as: again, data: few, TRAIN }
                    - evaluate: { data: test, metrics: [accuracy, loss] }
            """.replace("TRAIN", TRAIN);

    private static Experiment experiment(String spec, String overrides) {
        return Experiment.bind(Yaml.parse(spec, "toy.yaml"), overrides);
    }

    private static Program program(String spec, String overrides) {
        return Planner.plan(experiment(spec, overrides), new Zoo.Places(Path.of("."), Path.of("../datasets")));
    }

    private static Runner.Result run(Path home, Program program, Progress progress, Stop stop) throws IOException {
        Path reports = home.resolve("reports");
        try (CpuDevice device = new CpuDevice(1);
                Tracker tracker = Tracking.open(reports, Map.of(), notice -> {})) {
            return new Runner(home, home.resolve("datasets"), reports, device, tracker, progress, stop)
                    .run(program, Map.of(), "");
        }
    }

    private static Map<String, String> results(RunFolder folder) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder.path())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.path().relativize(file).toString();
                if (name.startsWith("model") || name.startsWith("selections") || name.equals("metrics.csv"))
                    digests.put(name, Digest.of(file).sha256());
            }
        }
        return digests;
    }

    @Test
    void theShortFormRecoversOnWhatWasSelected() {
        String spec =
                HEAD + "select: { at-random: {}, keep: 0.25 }\nprune: { ratio: 0.5 }\nrecover: { " + TRAIN + " }\n";
        List<Step> steps = experiment(spec, "").program();
        assertThat(steps)
                .extracting(Step::name)
                .containsExactly("dense", "select", "prune", "pruned", "recover", "recovered");
        assertThat(((Step.Select) steps.get(1)).to()).isEqualTo("selected");
        assertThat(((Step.Recover) steps.get(4)).data()).isEqualTo("selected");
        assertThat(((Step.Recover)
                                experiment(spec, "recover.data=test").program().get(4))
                        .data())
                .isEqualTo("test");
        assertThat(program(spec, "").stages()).hasSize(6);
    }

    @Test
    void bothWaysToNameTheMethodAreOneExperiment() {
        String one = HEAD + "select: { at-random: {}, keep: 0.25 }\nevaluate: loss\n";
        String other = HEAD + "select: { by: at-random, keep: 25% }\nevaluate: loss\n";
        assertThat(Key.of(experiment(one, ""))).isEqualTo(Key.of(experiment(other, "")));
        Experiment again = experiment(experiment(one, "").resolved(), "");
        assertThat(again).isEqualTo(experiment(one, ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ from: corpus, keep: 5, by: at-random } | select: data has no part corpus; there are train, test",
                "{ keep: 111, by: at-random } | select: keep: 111 is more than the 110 examples of train",
                "{ keep: 0.1%, by: at-random } | select: keep: 0.0010 of the 110 examples of train is none",
                "{ to: test, keep: 5, by: at-random } | select: data has a part test already",
                "{ by: at-random } | toy.yaml:8:13: 'select': keep is missing",
                "{ keep: 0.5, by: all } | toy.yaml:8:21: 'select': keep has no meaning here",
                "{ keep: 0, by: at-random } | toy.yaml:8:21: 'keep': amount is 0",
                "{ keep: 5, by: at-randm } | no select is called 'at-randm'; did you mean 'at-random'?",
                "{ keep: 5, at-randm: {} } | unknown key 'at-randm' in 'select'; did you mean 'at-random'?",
                "{ to: a/b, keep: 5, by: at-random } | to must be letters"
            })
    void refusesBeforeAnythingRuns(String select, String message) {
        assertThatThrownBy(() -> program(HEAD + "steps:\n  - select: " + select + "\n", ""))
                .hasMessageContaining(message.replace("0.0010", "0.001"));
    }

    /** Of text nobody knows before it is opened how many examples there are. */
    @Test
    void refusesBeforeTheFirstStageWhatOnlyTheOpenedDataTells() {
        Program planned = program(HEAD + "steps:\n  - select: { keep: 100, by: at-random }\n", "");
        assertThatThrownBy(() -> Selecting.check(planned.stages(), Map.of("train", Pools.sums())))
                .hasMessage("select: keep: 100 is more than the 45 examples of train");
    }

    @Test
    void aPartMayBeUsedOnlyAfterItWasSelected() {
        String spec = HEAD + "steps:\n  - train: { data: few, " + TRAIN
                + " }\n  - select: { to: few, keep: 5, by: at-random }\n";
        assertThatThrownBy(() -> program(spec, "")).hasMessageContaining("train: data has no part few");
    }

    @Test
    void writesWhatWasChosenAndWhy(@TempDir Path home) throws IOException {
        RunFolder folder =
                run(home, program(STEPS, ""), Progress.SILENT, new Stop()).folder();
        Path selections = folder.path().resolve("selections/seed-1");
        List<String> rows = Files.readAllLines(selections.resolve("hard.1.csv"));
        assertThat(rows.getFirst()).isEqualTo("id,chosen,score,domain,length");
        assertThat(rows).hasSize(111);
        assertThat(rows.get(1)).matches("0,[01],[0-9.E-]+,class [0-9]+,1");
        assertThat(rows).filteredOn(row -> row.matches("\\d+,1,.*")).hasSize(55);
        assertThat(Files.readString(selections.resolve("few.2.json")))
                .contains("\"from\" : \"hard\"", "\"rule\" : \"the 20 of 55", "\"seed\" : 1", "\"digest\" : ");
        assertThat(Files.readString(folder.metrics()))
                .contains("seed-1,1,score/examples,55.0\n", "seed-1,2,select/examples,20.0\n");
        assertThat(datasets(home)).contains("modular-addition/train/hard 55", "modular-addition/train/few 20");
    }

    /** Stops at random moments, within selections too, until the run comes to its end; the results are those of a run never stopped. */
    @Test
    void aStoppedRunSelectsTheSame(@TempDir Path home) throws IOException {
        Map<String, String> whole = results(run(home.resolve("whole"), program(STEPS, ""), Progress.SILENT, new Stop())
                .folder());
        assertThat(whole).containsKeys("selections/seed-1/hard.2.csv", "selections/seed-1/hard.2.json");
        int stops = 0;
        Runner.Result result;
        do {
            Stop stop = new Stop();
            long wait = 60 + 30L * stops; // a machine that is busy makes progress, too
            Thread clock = Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(wait);
                } catch (InterruptedException e) {
                    return;
                }
                stop.ask();
            });
            result = run(home.resolve("stopped"), program(STEPS, ""), Progress.SILENT, stop);
            clock.interrupt();
            if (result.outcome() == Runner.Outcome.STOPPED) stops++;
        } while (result.outcome() != Runner.Outcome.FINISHED);
        System.out.println("stopped and resumed " + stops + " times");
        assertThat(results(result.folder())).isEqualTo(whole);
    }

    /** Files of a selection that are lost come back from the checkpoint, to the last bit. */
    @Test
    void checkpointsHoldSelections(@TempDir Path home) throws IOException {
        String spec = STEPS.replace("times: 2", "times: 1");
        Stop stop = new Stop();
        Progress stopping = new Progress() {
            @Override
            public void stage(long seed, String stage, int number, int of, double weightsLeft) {
                if (stage.endsWith("/prune")) stop.ask();
            }
        };
        RunFolder folder = run(home, program(spec, ""), stopping, stop).folder();
        Map<String, String> before = results(folder);
        Path files = folder.path().resolve("selections/seed-1");
        for (String name : List.of("hard.1.csv", "hard.1.json", "few.1.csv", "few.1.json"))
            Files.delete(files.resolve(name));
        run(home, program(spec, ""), Progress.SILENT, new Stop());
        assertThat(results(folder)).containsAllEntriesOf(selections(before));
    }

    @Test
    void aSpecThatBeginsTheSameTakesTheSelectionFromTheCache(@TempDir Path home) throws IOException {
        assumeTrue(CacheRoom.of(home.resolve("reports/cache")).make(1 << 20), "the cache leaves a full disk alone");
        String begin = HEAD + "steps:\n  - select: { to: hard, keep: 0.5, el2n: { runs: 1, "
                + TRAIN.replace("steps: 200", "steps: 120_000") + " } }\n";
        RunFolder first = run(home, program(begin + "  - evaluate\n", ""), Progress.SILENT, new Stop())
                .folder();
        List<String> notes = new ArrayList<>();
        Progress listening = new Progress() {
            @Override
            public void note(String text) {
                notes.add(text);
            }
        };
        String other = (begin + "  - train: { data: hard, " + TRAIN + " }\n").replace("name: toy", "name: other");
        RunFolder second = run(home, program(other, ""), listening, new Stop()).folder();
        assertThat(notes).contains("took 1 stage from the cache");
        for (String file : List.of("hard.csv", "hard.json"))
            assertThat(second.path().resolve("selections/seed-1").resolve(file))
                    .hasSameBinaryContentAs(
                            first.path().resolve("selections/seed-1").resolve(file));
    }

    @Test
    void everyLaterStepMayUseASelection() {
        String spec = HEAD + """
                steps:
                  - select: { to: few, keep: 20, by: at-random }
                  - train: { data: few, watch: { data: test, judge: few }, TRAIN }
                  - prune: { score: snip, ratio: 0.5, calibrate: { data: few, samples: 10 } }
                  - recover: { data: few, TRAIN }
                  - evaluate: { data: few }
                """.replace("TRAIN", TRAIN);
        assertThat(program(spec, "").stages()).hasSize(5);
        assertThatThrownBy(() -> program(spec, "prune.calibrate.data=many"))
                .hasMessageContaining("prune: data has no part many; there are train, test, few");
    }

    /** The names and sizes of the data sets in the tracking store. */
    private static List<String> datasets(Path home) {
        List<String> found = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("reports/mlflow.db"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name, dataset_profile FROM datasets")) {
            while (rows.next())
                found.add(rows.getString(1) + " " + rows.getString(2).replaceAll("\\D", ""));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return found;
    }

    private static Map<String, String> selections(Map<String, String> results) {
        Map<String, String> only = new TreeMap<>(results);
        only.keySet().removeIf(name -> !name.startsWith("selections"));
        assertThat(only).hasSize(4);
        return only;
    }
}
