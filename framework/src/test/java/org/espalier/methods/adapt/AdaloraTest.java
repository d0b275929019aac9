package org.espalier.methods.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.espalier.engine.Parameter;
import org.espalier.launch.CpuDevice;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.espalier.train.Adaptation;
import org.espalier.train.Adapter;
import org.espalier.train.Course;
import org.espalier.train.RankBudget;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdaloraTest {
    private static final CpuDevice DEVICE = new CpuDevice(2);

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    private static Adalora adalora(String parameters) {
        return (Adalora) Binder.bind(Adapter.class, Yaml.parse("{ adalora: { " + parameters + " } }", "test"));
    }

    /** 4 matrices of rank 12, 8 in the end, 100 updates, the first 10 and the last 20 without a change. */
    @Test
    void ranksAreGivenUpByTheCubicLaw() {
        RankBudget budget = new RankBudget(48, 32, 10, 20, 100, 1);
        int[] steps = {10, 11, 20, 30, 40, 50, 60, 70, 80}, expected = {48, 47, 42, 37, 34, 33, 32, 32, 32};
        assertThat(Arrays.stream(steps).map(budget::at).toArray()).isEqualTo(expected);
        assertThat(budget.at(99)).isEqualTo(32);
        assertThat(budget.chooses(10)).isFalse();
        assertThat(budget.chooses(80)).isTrue();
        assertThat(budget.chooses(81)).isFalse();
    }

    @Test
    void choosesEverySoOftenAndAlwaysAtTheLast() {
        RankBudget budget = new RankBudget(48, 32, 5, 0, 51, 10);
        for (int step = 1; step <= 51; step++)
            assertThat(budget.chooses(step)).isEqualTo(step > 5 && step % 10 == 0 || step == 51);
    }

    /** The threshold would be the smallest score but none: nothing may be masked. */
    @Test
    void aBudgetOfAllRanksMasksNone() {
        Adaptable adapted = Adaptable.random(DEVICE, 4);
        Adaptation attached = adapted.trained(
                        adalora("initial: 3, rank: 3"), 8, Adaptable.sgd(0.5), (step, loss) -> true)
                .adaptation()
                .orElseThrow();
        long ranks = 3L * adapted.model().weights().size();
        assertThat(attached.measured().get("ranks")).isEqualTo(ranks);
        assertThat(attached.stored().orElseThrow().layers())
                .allSatisfy(layer -> assertThat(layer.ranks()).isEqualTo(3));
    }

    @Test
    void endsWithTheTargetAndComputesTheSameWhenMerged() {
        Adaptable adapted = Adaptable.random(DEVICE, 4);
        float[] before = adapted.logits();
        Adalora adalora = adalora("initial: 4, rank: 2, settled: 5, warmup: 3");
        Adaptation probe = adapted.attached(adalora);
        assertThat(adapted.logits()).isEqualTo(before);
        probe.merge();
        for (Parameter p : adapted.model().parameters()) p.freeze(false);
        var trainer = adapted.trained(adalora, 25, Adaptable.sgd(0.5), (step, loss) -> true);
        Adaptation attached = trainer.adaptation().orElseThrow();
        assertThat(attached.measured().get("ranks"))
                .isEqualTo(2.0 * adapted.model().weights().size());
        assertThat(trainer.merge().difference()).isLessThan(1e-4);
    }

    /** Σ initial · (in + out + 1). */
    @Test
    void trainsAsManyNumbersAsItSays() {
        Adaptable adapted = Adaptable.random(DEVICE, 4);
        Adaptation attached = adapted.attached(adalora("initial: 5, rank: 2"));
        long expected = 0;
        for (Parameter w : adapted.model().weights()) expected += 5L * (w.rows() + w.columns() + 1);
        assertThat(attached.parameters().stream().mapToLong(Parameter::size).sum())
                .isEqualTo(expected);
    }

    /** Two means beside each number that is trained, and a mark for each rank; plain descent remembers one velocity. */
    @Test
    void whatItRemembersIsCounted() {
        Adaptable adapted = Adaptable.random(DEVICE, 4);
        var trainer = adapted.trained(adalora("initial: 5, rank: 2"), 3, Adaptable.sgd(0.5), (step, loss) -> true);
        long trained = 0;
        for (Parameter p : trainer.trained()) trained += p.size();
        long ranks = 5L * adapted.model().weights().size();
        assertThat(trainer.memory().optimiser()).isEqualTo(4 * (3 * trained + ranks));
    }

    @ParameterizedTest
    @EnumSource(Adalora.Penalty.class)
    void thePenaltysGradientIsItsDerivative(Adalora.Penalty penalty) {
        Adalora with = adalora("initial: 3, rank: 2, orthogonality: 0.5, penalty: "
                + penalty.name().toLowerCase());
        Adalora without = adalora("initial: 3, rank: 2, orthogonality: 0");
        Map<String, float[]> all = gradients(with), loss = gradients(without);
        Adaptable adapted = Adaptable.random(DEVICE, 4);
        Adaptation attached = adapted.attached(with);
        fill(attached);
        for (Parameter p : attached.parameters())
            for (int i = 0; i < p.size(); i += 1 + p.size() / 3) {
                double expected = slope(adapted, attached, p, i);
                assertThat((double) all.get(p.name())[i] - loss.get(p.name())[i])
                        .as(p.name())
                        .isCloseTo(expected, within(2e-4 + 0.01 * Math.abs(expected)));
            }
    }

    private static Map<String, float[]> gradients(Adalora adalora) {
        Adaptable adapted = Adaptable.random(DEVICE, 4);
        Adaptation attached = adapted.attached(adalora);
        fill(attached);
        return adapted.gradients(attached);
    }

    private static void fill(Adaptation attached) {
        var random = new SplittableRandom(3);
        for (Parameter p : attached.parameters())
            for (int i = 0; i < p.size(); i++) p.value()[i] = (float) (random.nextDouble() - 0.5);
    }

    private static double slope(Adaptable adapted, Adaptation attached, Parameter p, int i) {
        float before = p.value()[i], step = 1f / 64;
        double[] terms = new double[2];
        for (int side = 0; side < 2; side++) {
            p.value()[i] = before + (side == 0 ? step : -step);
            adapted.gradients(attached);
            terms[side] = attached.measured().get("orthogonality");
        }
        p.value()[i] = before;
        return (terms[0] - terms[1]) / (2 * step);
    }

    @Test
    void refusesACourseThatLeavesNoTimeToGiveUpRanks() {
        Course course = new Course(4, 20, 0, Adaptable.sgd(1), 0, false);
        assertThatThrownBy(() -> adalora("warmup: 10, settled: 10").check(course))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("20 updates");
        assertThatThrownBy(() -> adalora("initial: 4, rank: 5")).hasMessageContaining("initial");
    }
}
