package org.espalier.methods.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.data.Dataset;
import org.espalier.launch.CpuDevice;
import org.espalier.models.Model;
import org.espalier.select.Candidates;
import org.espalier.select.Pools;
import org.espalier.select.Selection;
import org.espalier.select.Selector;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.espalier.train.NamedArrays;
import org.junit.jupiter.api.Test;

class El2nTest {
    private static final El2n SHORT =
            el2n("{ runs: 3, batch: 15, steps: 40, optimise: { sgd: { rate: 0.1, momentum: 0.9 } } }");

    private static El2n el2n(String parameters) {
        return (El2n) Binder.bind(Selector.class, Yaml.parse("el2n: " + parameters, "el2n"));
    }

    @Test
    void theErrorIsTheDistanceOfThePredictionFromTheLabel() {
        double[] logits = {Math.log(0.7), Math.log(0.2), Math.log(0.1)};
        assertThat(El2n.error(logits, 0)).isCloseTo(0.37416573867739417, within(1e-12));
        for (int k = 2; k < 12; k++)
            assertThat(El2n.error(new double[k], k - 1)).isCloseTo(Math.sqrt((k - 1.0) / k), within(1e-12));
        assertThat(El2n.error(new double[] {800, -800}, 1)).isCloseTo(Math.sqrt(2), within(1e-12));
        assertThat(El2n.error(new double[] {800, -800}, 0)).isZero();
    }

    @Test
    void errorsOfANetworkAreThoseOfItsLogits() {
        Dataset data = Pools.sums();
        Model model = Pools.perceptron(data, 5);
        model.parameters().forEach(p -> p.load(new float[p.size()])); // all classes alike
        for (double error : El2n.errors(new CpuDevice(1), model, data))
            assertThat(error).isCloseTo(Math.sqrt(12.0 / 13), within(1e-6));
    }

    @Test
    void keepsTheHighestMeanOverTheRuns() {
        Selection chosen = SHORT.select(Pools.sums(10, 1));
        double[] scores = chosen.scores();
        for (double score : scores) assertThat(score).isBetween(0.0, Math.sqrt(2));
        double lowest = Double.POSITIVE_INFINITY, highestLeft = 0;
        for (int i = 0, next = 0; i < scores.length; i++) {
            boolean kept = next < chosen.ids().length && chosen.ids()[next] == i;
            if (kept) next++;
            if (kept) lowest = Math.min(lowest, scores[i]);
            else highestLeft = Math.max(highestLeft, scores[i]);
        }
        assertThat(lowest).isGreaterThanOrEqualTo(highestLeft);
        assertThat(SHORT.select(Pools.sums(10, 1)).scores()).isEqualTo(scores);
        assertThat(SHORT.select(Pools.sums(10, 2)).scores()).isNotEqualTo(scores);
    }

    @Test
    void theOffsetPassesOverTheVeryHighest() {
        El2n passing =
                el2n("{ runs: 3, offset: 5, batch: 15, steps: 40, optimise: { sgd: { rate: 0.1, momentum: 0.9 } } }");
        List<Integer> fifteen = boxed(SHORT.select(Pools.sums(15, 1)).ids());
        List<Integer> five = boxed(SHORT.select(Pools.sums(5, 1)).ids());
        List<Integer> between = boxed(passing.select(Pools.sums(10, 1)).ids());
        assertThat(fifteen).containsAll(between).hasSize(between.size() + five.size());
        assertThat(between).doesNotContainAnyElementsOf(five);
    }

    /** Whatever moment a checkpoint is written at, going on from it gives the same bits. */
    @Test
    void goesOnWhereItWas() {
        double[] whole = SHORT.select(Pools.sums(10, 1)).scores();
        for (int stop = 1; stop <= 3 * 40; stop += 13) {
            Map<String, float[]> kept = new HashMap<>();
            NamedArrays arrays = new NamedArrays();
            int[] left = {stop};
            Candidates.Progress killed = new Candidates.Progress(arrays, prepare -> {
                if (--left[0] > 0) return;
                prepare.run();
                arrays.all().forEach((name, array) -> kept.put(name, array.clone()));
                throw new IllegalStateException("killed");
            });
            Dataset data = Pools.sums();
            try {
                SHORT.select(Pools.of(data, 10, 1, killed));
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("killed");
            }
            NamedArrays again = new NamedArrays();
            kept.forEach(again::put);
            Candidates.Progress resumed = new Candidates.Progress(again, prepare -> {});
            assertThat(SHORT.select(Pools.of(data, 10, 1, resumed)).scores()).isEqualTo(whole);
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        double[] one = SHORT.select(Pools.sums(10, 1)).scores();
        try (CpuDevice device = new CpuDevice(3)) {
            assertThat(SHORT.select(Pools.on(device, Pools.sums(10, 1))).scores())
                    .isEqualTo(one);
        }
    }

    @Test
    void refusesDataWithoutClasses() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SHORT.check(null, new Dataset.Shape(List.of(256), 0)))
                .withMessageContaining("classes");
    }

    private static List<Integer> boxed(int[] ids) {
        return java.util.Arrays.stream(ids).boxed().toList();
    }
}
