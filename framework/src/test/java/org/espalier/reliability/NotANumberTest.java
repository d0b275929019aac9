package org.espalier.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.espalier.data.file.Safetensors;
import org.espalier.data.file.Snapshot;
import org.espalier.experiment.Experiment;
import org.espalier.experiment.Planner;
import org.espalier.experiment.Program;
import org.espalier.experiment.Progress;
import org.espalier.experiment.RunFolder;
import org.espalier.experiment.Runner;
import org.espalier.models.Zoo;
import org.espalier.spec.Yaml;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** NaN and infinity fail a run where they arise, by name, and leave the last good checkpoint. */
@Tag("reliability")
class NotANumberTest {
    private static final String SPEC = """
            name: nan
            data:
              train: { modular-addition: { modulus: 23 } }
              poisoned: { org.espalier.reliability.Poisoned: { kind: KIND } }
              test: { modular-addition: { modulus: 23, part: test } }
            model: { lenet: { hidden: [48, 32] } }
            checkpoint: 0.001
            steps:
              - train: { batch: 16, steps: 60, optimise: { sgd: { rate: 0.1 } } }
              - LAST
              - evaluate: { data: test }
            """;

    @TempDir
    Path home;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            data     | train: { as: spoilt, data: poisoned, batch: 16, steps: 100, optimise: { sgd: { rate: 0.1 } } } | loss is NaN at step ; spoilt; the input from poisoned is not finite
            loss     | train: { as: spoilt, batch: 16, steps: 100, optimise: { sgd: { rate: 1e30 } } }                 | loss is NaN at step ; spoilt
            update   | train: { as: spoilt, batch: 16, steps: 1, optimise: { sgd: { rate: 1e39 } } }                   | fc1; is not finite after step 1 of spoilt
            score    | prune: { as: spoilt, ratio: 0.5, score: { org.espalier.reliability.BrokenScore: {} } }          | the score of entry 7 of fc1 is NaN
            """)
    void aRunFailsWhereANumberBreaks(String what, String step, String message) throws Exception {
        Program program = program(step, "broken");
        Throwable failure = catchThrowable(() -> InProcess.run(home, program, Progress.SILENT));
        assertThat(failure).isInstanceOf(RuntimeException.class).hasMessageContainingAll(message.split(";"));
        RunFolder folder = RunFolder.of(home.resolve("reports"), program);
        Map<String, Object> status = folder.status().orElseThrow();
        assertThat(status).containsEntry("state", "failed").containsEntry("exit_code", 1);
        assertThat(status.get("stage").toString()).isNotEmpty();
        assertThat(status.get("error").toString()).contains(failure.getMessage());
        assertThat(folder.model(1)).doesNotExist();
        Snapshot kept = Snapshot.latest(folder.checkpoint(1)).orElseThrow();
        assertThat(kept.passedOver()).isEmpty();
        int arrays = 0;
        try (Safetensors file = kept.arrays()) {
            for (String name : file.tensors().keySet()) {
                if (name.startsWith("mask/")) continue;
                for (float value : file.floats(name)) assertThat(value).isFinite();
                arrays++;
            }
        }
        System.out.printf(
                "not a number in %s: %s; %d arrays of the last checkpoint are finite%n",
                what, failure.getMessage(), arrays);
    }

    @Test
    void aFeatureThatIsAlwaysZeroBreaksNothing() throws Exception {
        Program program = program(
                "train: { as: empty, data: poisoned, batch: 16, steps: 100, optimise: { adam: { rate: 0.003 } } }",
                "empty");
        Runner.Result result = InProcess.run(home, program, Progress.SILENT);
        assertThat(result.outcome()).isEqualTo(Runner.Outcome.FINISHED);
        assertThat(Files.readString(result.folder().metrics())).doesNotContain("NaN", "Infinity");
    }

    @Test
    void theCommandLineEndsWithOneAndSaysWhy() throws Exception {
        Path experiments = Files.createDirectories(home.resolve("experiments"));
        Files.writeString(
                experiments.resolve("nan.yaml"),
                spec(
                        "train: { as: spoilt, data: poisoned, batch: 16, steps: 100, optimise: { sgd: { rate: 0.1 } } }",
                        "broken"));
        Child child = Child.start(home, "run", "nan.yaml", "--threads", "1");
        assertThat(child.end()).isEqualTo(1);
        assertThat(child.err()).anyMatch(line -> line.startsWith("espalier: loss is NaN at step "));
    }

    private static Program program(String step, String kind) {
        return Planner.plan(
                Experiment.bind(Yaml.parse(spec(step, kind), "nan.yaml"), ""),
                new Zoo.Places(Path.of("."), Path.of("../datasets")));
    }

    private static String spec(String step, String kind) {
        return SPEC.replace("LAST", step).replace("KIND", kind);
    }
}
