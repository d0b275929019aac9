package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import org.espalier.engine.Parameter;
import org.espalier.models.Zoo;
import org.espalier.spec.Yaml;
import org.junit.jupiter.api.Test;

/** What each step costs at the rate that is assumed, 1e11 products a second, worked out by hand. */
class PriceTest {
    private static Program program(String steps) {
        String spec = """
                name: priced
                seeds: [1, 2, 3]
                data: { train: { modular-addition: { modulus: 23 } } }
                model: { lenet: { hidden: [48, 32] } }
                steps:
                """;
        return Planner.plan(
                Experiment.bind(Yaml.parse(spec + steps.indent(2), "priced.yaml"), ""),
                new Zoo.Places(Path.of("."), Path.of("../datasets")));
    }

    private static final String TRAIN = "batch: 16, steps: 100, optimise: { sgd: { rate: 0.1 } } }";

    private static double work(Program program) throws IOException {
        return program.fresh(1).weights().stream().mapToLong(Parameter::size).sum();
    }

    @Test
    void whatIsPrunedCostsNothingUntilItIsRestored() throws IOException {
        Program program = program("""
                - save: init
                - train: { %1$s
                - prune: { ratio: 0.5 }
                - recover: { %1$s
                - prune: { as: again, ratio: 0.5, of: remaining }
                - recover: { as: more, %1$s
                - restore: init
                - train: { as: dense, %1$s
                """.formatted(TRAIN));
        double training = 6 * 16 * 100 * work(program) / 1e11;
        double seconds = 3 * (training * (1 + 0.5 + 0.25 + 1) + 400 * 40e-6);
        assertThat(program.cost().seconds()).isCloseTo(seconds, within(1e-12));
        assertThat(program.cost().steps()).isEqualTo(1200);
    }

    @Test
    void evaluatingTakesOnePassOverItsPart() throws IOException {
        Program program = program("- evaluate: { data: train }\n");
        int examples = program.experiment().data().get("train").examples();
        assertThat(program.cost().seconds()).isCloseTo(3 * 2 * work(program) * examples / 1e11, within(1e-12));
        assertThat(program.cost().steps()).isZero();
        assertThat(program.cost().weights())
                .isEqualTo(program.fresh(1).parameters().stream()
                        .mapToLong(Parameter::size)
                        .sum());
    }

    @Test
    void whatOnlyOpeningTheDataTellsIsEstimatedOrUnknown() {
        String spec = """
                name: priced
                data:
                  all: { windows: { of: { brown: { part: all } }, length: 32 } }
                  each: { documents: { of: { brown: { part: all } }, length: 32 } }
                model: { llama: { vocabulary: 300, width: 16, layers: 1, heads: 2, hidden: 16, context: 64 } }
                steps:
                  - evaluate: { as: a, data: all, metrics: perplexity }
                  - evaluate: { as: b, data: each, metrics: perplexity }
                """;
        Program.Cost cost = Planner.plan(
                        Experiment.bind(Yaml.parse(spec, "priced.yaml"), ""),
                        new Zoo.Places(Path.of("."), Path.of("../datasets")))
                .cost();
        assertThat(cost.estimated()).containsOnlyKeys("all");
        double tokens = cost.estimated().get("all") * 32;
        assertThat(tokens).as("a little fewer than a vocabulary of 4,096 makes").isBetween(1.4e6, 1.65e6);
        assertThat(cost.unknown()).containsExactly("each");
    }
}
