package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.espalier.spec.Yaml;
import org.junit.jupiter.api.Test;

/** Keys name the folders of runs that people have: a change here orphans their results. */
class KeyTest {
    private static final String SPEC = """
            name: pinned
            data: { train: { mnist: { part: train, holdout: 5000 } }, test: { mnist: { part: test } } }
            model: { lenet: { hidden: [300, 100] } }
            steps:
              - train: { batch: 60, steps: 1000, optimise: { adam: { rate: 0.0012 } } }
              - prune: { ratio: 0.5 }
              - evaluate
            """;

    @Test
    void isPinned() {
        assertThat(key(SPEC, "").digest())
                .isEqualTo("d244dc62dd351aaa63b9b3b6c73e734995e1b08514719c5f53f980d154601b43");
    }

    @Test
    void doesNotChangeWithDefaultsOrderCommentsAndPresentation() {
        String other = """
                # the same experiment
                model: { lenet: { init: glorot-normal, hidden: [300, 100] } }
                name: pinned
                seeds: [1]
                checkpoint: 5
                paper: { title: X, year: 2020 }
                data: { train: { mnist: { holdout: 5000 } }, test: { mnist: { part: test } } }
                steps:
                  - train: { data: train, steps: 1_000, batch: 60, optimise: { adam: { rate: 1.2e-3, beta1: 0.9 } } }
                  - prune: { ratio: 0.50, score: magnitude }
                  - evaluate: { data: test }
                report: { protocol: none }
                """;
        assertThat(key(other, "")).isEqualTo(key(SPEC, ""));
    }

    @Test
    void changesWithWhatMakesNumbers() {
        assertThat(key(SPEC, "train.steps=1001")).isNotEqualTo(key(SPEC, ""));
        assertThat(key(SPEC, "prune.score=random")).isNotEqualTo(key(SPEC, ""));
        assertThat(key(SPEC, "seeds=[2]")).isNotEqualTo(key(SPEC, ""));
    }

    private static Key key(String spec, String overrides) {
        return Key.of(Experiment.bind(Yaml.parse(spec, "pinned.yaml"), overrides));
    }
}
