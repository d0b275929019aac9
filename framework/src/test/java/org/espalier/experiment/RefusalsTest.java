package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.models.Zoo;
import org.espalier.spec.SpecException;
import org.espalier.spec.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only the whole experiment makes wrong is refused at the place where it was written. */
class RefusalsTest {
    private static final String HEAD = """
            name: refused
            data:
              train: { modular-addition: { modulus: 5 } }
            model: { lenet: { hidden: [4] } }
            """;
    private static final String TRAIN = "batch: 4, steps: 2, optimise: { sgd: { rate: 0.1 } }";
    private static final Zoo.Places PLACES = new Zoo.Places(Path.of("."), Path.of("../datasets"));

    private static void refuses(String spec, String overrides, String message) {
        assertThatThrownBy(() -> Planner.plan(Experiment.written(Yaml.parse(HEAD + spec, "a.yaml"), overrides), PLACES))
                .isInstanceOf(SpecException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aStepIsRefusedAtTheComponentThatTheRefusalNames() {
        refuses("""
                steps:
                  - prune:
                      ratio: 0.5
                      calibrate:
                        samples: 4
                        data: test
                  - evaluate:
                      metrics: loss
                      data: test
                """, "prune.calibrate.data=train", "a.yaml:13:13: evaluate: data has no part test; there is train");
    }

    @Test
    void ofEqualStepsTheOneThatIsWrongIsNamed() {
        refuses("""
                steps:
                  - repeat:
                      times: 2
                      steps:
                        - restore: init
                        - save: init
                        - restore: init
                """, "", "a.yaml:9:20: repeat.1/restore: nothing was saved as init; there are none");
    }

    @Test
    void repeatingWithoutEndIsRefused() {
        refuses(
                "steps:\n  - repeat: { times: 2147483647, steps: [ { save: init } ] }\n",
                "",
                "a.yaml:6:51: more than 10000 steps");
    }

    @Test
    void methodsThatDoNotFitEachOtherAreRefusedAtTheirStep() {
        refuses(
                "steps:\n  - save: init\n  - prune: { score: wanda, ratio: 0.5 }\n",
                "",
                "a.yaml:7:12: prune: it needs [INPUT_SQUARES] on calibration data");
    }

    @Test
    void aSectionIsRefusedWhereItStandsEvenIfItRecoversOnASelection() {
        refuses("""
                select: { at-random: {}, keep: 0.5 }
                prune: { ratio: 0.5 }
                recover: { %s, adapt: lora }
                """.formatted(TRAIN), "+data.test={modular-addition:{modulus: 5}}", "a.yaml:7:10: recover: Lora");
    }

    @Test
    void aStepThatASectionImpliesIsRefusedWhereTheSpecSaysWhatItLacks() {
        refuses("prune: { ratio: 0.5 }\n", "", "a.yaml:3:3: dense: data has no part test; there is train");
    }

    @Test
    void whatAnOverrideMadeWrongIsItsFault() {
        refuses(
                "steps:\n  - evaluate: { data: train }\n",
                "evaluate.data=tset",
                "SET:1:15: evaluate: data has no part");
    }

    @Test
    void dataIsRefusedAtThePartThatDoesNotFit() {
        refuses("steps: [ { train: { " + TRAIN + " } } ]\n", "+data.other={modular-addition:{modulus: 7}}", "SET:1:");
    }

    @Test
    void aSpecThatIsStartedFromIsNamed(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("first.yaml"), HEAD + "steps:\n  - rewind: init\n");
        String own = HEAD.replaceAll("model: .*", "model: { from: first.yaml }") + "steps: [ { save: end } ]\n";
        Zoo.Places places = new Zoo.Places(folder, Path.of("../datasets"));
        assertThatThrownBy(() -> Planner.plan(Experiment.written(Yaml.parse(own, "own.yaml"), ""), places))
                .hasMessage(folder.resolve("first.yaml") + ":6:13: rewind: nothing was saved as init; there are none");
    }

    @Test
    void anExperimentWithoutASpecIsRefusedWithoutAPlace() {
        Experiment experiment = Experiment.bind(Yaml.parse(HEAD + "steps: [ { rewind: init } ]\n", "a.yaml"), "");
        assertThatThrownBy(() -> Planner.plan(experiment, PLACES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rewind: nothing was saved as init; there are none");
    }
}
