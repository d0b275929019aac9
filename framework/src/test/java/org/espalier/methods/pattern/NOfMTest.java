package org.espalier.methods.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.espalier.experiment.Experiment;
import org.espalier.methods.Sites;
import org.espalier.methods.score.Magnitude;
import org.espalier.prune.Budget;
import org.espalier.prune.PruningException;
import org.espalier.prune.Site;
import org.espalier.spec.SpecException;
import org.espalier.spec.Yaml;
import org.junit.jupiter.api.Test;

class NOfMTest {
    private static final NOfM MIXED = new NOfM(Optional.empty(), 4);

    @Test
    void keepsTheBestTwoOfFour() {
        assertThat(new NOfM(Optional.of(2), 4).mask(new float[] {3, 1, 2, 4, 1, 5, 2, 1}, 2, 4, 0.5))
                .containsExactly(true, false, false, true, false, true, true, false);
    }

    @Test
    void ofEqualScoresTheLowerIndexGoes() {
        assertThat(MIXED.mask(new float[] {1, 1, 1, 1}, 1, 4, 0.5)).containsExactly(false, false, true, true);
    }

    @Test
    void withoutAFixedCountFollowsTheDensity() {
        float[] score = {3, 1, 2, 4, 1, 5, 2, 1};
        assertThat(MIXED.mask(score, 1, 8, 0.25)).containsExactly(false, false, false, true, false, true, false, false);
        assertThat(MIXED.mask(score, 1, 8, 0.75)).containsExactly(true, false, true, true, false, true, true, true);
        assertThat(MIXED.mask(score, 1, 8, 1)).containsOnly(true);
    }

    /** Three layers ask for 1.2 of four each: two get one, one gets two, and 0.3 of all is nearly met. */
    @Test
    void roundsSoThatAllLayersTogetherKeepWhatWasAsked() {
        Site.Weight[] sites = new Site.Weight[5];
        for (int i = 0; i < 5; i++) sites[i] = Sites.random("w" + i, 10, 40, i);
        Budget budget = Sites.budget(0.7, Budget.Of.ALL, new Magnitude(), sites);
        double[] density = MIXED.realised(budget, new double[] {0.3, 0.3, 0.3, 0.3, 0.3});
        assertThat(density).containsExactly(0.5, 0.25, 0.25, 0.25, 0.25);
        assertThat(java.util.Arrays.stream(density).average().orElseThrow()).isCloseTo(0.3, within(1e-9));
    }

    @Test
    void refusesWhatWholeNumbersCannotMeet() {
        Budget one = Sites.budget(0.7, Budget.Of.ALL, new Magnitude(), Sites.random("w", 10, 40, 1));
        assertThat(catchThrowable(() -> MIXED.realised(one, new double[] {0.3})))
                .isInstanceOf(PruningException.class)
                .hasMessageContaining("would miss it by 5.0 %");
        assertThat(catchThrowable(() -> MIXED.check(Sites.random("w", 10, 42, 1))))
                .hasMessageContaining("no whole groups of 4");
    }

    @Test
    void aFixedCountAndAnUnevenAllocationAreRefusedWithTheLine() {
        String spec = """
                name: fixed
                data: { train: { mnist: { part: train } }, test: { mnist: { part: test } } }
                model: { lenet: { hidden: [300, 100] } }
                steps:
                  - prune:
                      score: magnitude
                      allocate: %s
                      pattern: { n-of-m: { keep: 2, of: 4 } }
                      ratio: %s
                """;
        assertThat(catchThrowable(() -> Experiment.bind(Yaml.parse(spec.formatted("er", "0.5"), "fixed.yaml"), "")))
                .isInstanceOf(SpecException.class)
                .hasMessageContaining("fixed.yaml:8")
                .hasMessageContaining("uniform");
        assertThat(catchThrowable(
                        () -> Experiment.bind(Yaml.parse(spec.formatted("uniform", "0.6"), "fixed.yaml"), "")))
                .isInstanceOf(SpecException.class)
                .hasMessageContaining("fixed.yaml:8")
                .hasMessageContaining("removes 0.5");
        Experiment.bind(Yaml.parse(spec.formatted("uniform", "0.5"), "fixed.yaml"), "");
    }
}
