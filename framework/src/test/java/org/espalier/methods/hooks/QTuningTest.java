package org.espalier.methods.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.data.TokenWindows;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.RotaryScaling;
import org.espalier.engine.ops.Uncertainty;
import org.espalier.launch.CpuDevice;
import org.espalier.methods.optimise.Adam;
import org.espalier.methods.schedule.Constant;
import org.espalier.models.Init;
import org.espalier.models.LanguageModel;
import org.espalier.models.zoo.Lenet;
import org.espalier.models.zoo.Llama;
import org.espalier.train.Batch;
import org.espalier.train.Course;
import org.espalier.train.Hook;
import org.espalier.train.NamedArrays;
import org.espalier.train.Trainer;
import org.espalier.train.Training;
import org.junit.jupiter.api.Test;

class QTuningTest {
    private static final QTuning HALF = new QTuning(0.5, 0.5, 0.5, QTuning.Keep.LOWEST);
    private static final TokenWindows DATA = new TokenWindows(
            "counting",
            "none",
            11,
            9,
            IntStream.range(0, 72).map(i -> i * i % 11).toArray(),
            new int[] {0, 9, 18, 27, 36, 45, 54, 63});

    /** Samples in the four corners: both high, error alone, neither, doubt alone. */
    @Test
    void keepsConfidentErrorsAndUnsureSuccesses() {
        QTuning.Verdict verdict = HALF.judge(new double[] {9, 9, 2, 2}, new double[] {3, 1, 1, 3});
        assertThat(verdict.kept()).containsExactly(1, 3);
        assertThat(verdict.place()).containsExactly(1, 2, 3, 4);
        assertThat(verdict.whole()[1]).isFalse();
        assertThat(verdict.whole()[3]).isTrue();
    }

    @Test
    void fillsUpWithTheSamplesThatLeanMost() {
        QTuning most = new QTuning(0.75, 0.5, 0.5, QTuning.Keep.LOWEST);
        QTuning.Verdict verdict = most.judge(new double[] {9, 9, 2, 5}, new double[] {3, 1, 1, 1.2});
        assertThat(verdict.kept()).hasSize(3).contains(1, 3);
    }

    /** Perplexities (4, 2, 8), edges copied, λ one half: scores (5, 7, 9). */
    @Test
    void scoresTokensWithTheirNeighbours() {
        QTuning two = new QTuning(1, 2 / 3.0, 0.5, QTuning.Keep.LOWEST);
        assertThat(two.counting(new double[] {4, 2, 8})).containsExactly(true, true, false);
        QTuning high = new QTuning(1, 2 / 3.0, 0.5, QTuning.Keep.HIGHEST);
        assertThat(high.counting(new double[] {4, 2, 8})).containsExactly(false, true, true);
        QTuning alone = new QTuning(1, 1 / 3.0, 0, QTuning.Keep.LOWEST);
        assertThat(alone.counting(new double[] {4, 2, 8})).containsExactly(false, true, false);
    }

    @Test
    void theEvenNetworkIsAsUnsureAsCanBe() {
        LanguageModel model = model();
        Arrays.fill(model.parameter("lm_head.weight").value(), 0);
        Graph g = Graph.forEvaluation();
        Tensor tokens = model.input(g, 2);
        Uncertainty uncertainty = model.uncertainty(g, tokens, new int[18]);
        try (CpuDevice device = new CpuDevice(1)) {
            device.compile(g.launches()).run();
        }
        for (int i = 0; i < 18; i++) {
            assertThat((double) uncertainty.losses()[i]).isCloseTo(Math.log(11), within(1e-5));
            assertThat((double) uncertainty.entropies()[i]).isCloseTo(Math.log(11), within(1e-5));
        }
    }

    @Test
    void anUpdateIsMadeOfTheChosenSamplesAndTokensAlone() {
        List<Batch> batches = new ArrayList<>();
        Hook spy = training -> new Hook.Live() {
            @Override
            public Batch choose(Batch batch, long step) {
                batches.add(batch);
                return batch;
            }
        };
        try (CpuDevice device = new CpuDevice(2)) {
            Trainer trainer =
                    new Trainer(training(device, model(), new NamedArrays()), Optional.empty(), List.of(HALF, spy));
            trainer.train(0, (step, loss) -> true);
            assertThat(batches).hasSize(6);
            for (Batch batch : batches) {
                assertThat(batch.ids()).hasSize(4);
                int counting = 0;
                for (int i = 0; i < 4; i++) {
                    int own = 0;
                    for (int p = 0; p < 9; p++) if (batch.weights()[i * 9 + p] != 0) own++;
                    assertThat(own).isIn(4, 8);
                    counting += own;
                }
                assertThat(counting).isBetween(16, 32);
            }
            assertThat(trainer.findings().values().stream().mapToDouble(d -> d).sum())
                    .isEqualTo(48);
        }
    }

    @Test
    void goesOnFromACheckpointWithTheSameBits() {
        try (CpuDevice device = new CpuDevice(2)) {
            LanguageModel whole = model(), first = model(), second = model();
            new Trainer(training(device, whole, new NamedArrays()), Optional.empty(), List.of(HALF))
                    .train(0, (step, loss) -> true);
            NamedArrays state = new NamedArrays(), copy = new NamedArrays();
            new Trainer(training(device, first, state), Optional.empty(), List.of(HALF))
                    .train(0, (step, loss) -> step < 3);
            Map<String, float[]> saved = new LinkedHashMap<>(state.all());
            saved.forEach((name, values) -> copy.put(name, values.clone()));
            for (Parameter p : first.parameters()) second.parameter(p.name()).load(p.value());
            new Trainer(training(device, second, copy), Optional.empty(), List.of(HALF)).train(3, (step, loss) -> true);
            for (Parameter p : whole.parameters())
                assertThat(second.parameter(p.name()).value()).isEqualTo(p.value());
        }
    }

    @Test
    void whatItsOwnPassHoldsIsMemoryOfTheTraining() {
        try (CpuDevice device = new CpuDevice(1)) {
            Trainer plain = new Trainer(training(device, model(), new NamedArrays()), Optional.empty(), List.of());
            QTuning all = new QTuning(1, 1, 0.5, QTuning.Keep.LOWEST);
            Training training = training(device, model(), new NamedArrays());
            Trainer probed = new Trainer(training, Optional.empty(), List.of(all));
            for (Trainer trainer : List.of(plain, probed)) trainer.train(0, (step, loss) -> false);
            Hook.Live alone = all.start(training(device, model(), new NamedArrays()));
            alone.examples(8);
            assertThat(alone.bytes()).isGreaterThan(4L * 8 * 9);
            assertThat(probed.memory().activations()).isEqualTo(plain.memory().activations() + alone.bytes());
        }
    }

    @Test
    void networksThatAreNoLanguageModelsAreRefused() {
        assertThatThrownBy(() -> HALF.check(new Lenet(List.of(4), Init.GLOROT_NORMAL).build(new int[] {1, 2, 2}, 3, 1)))
                .hasMessageContaining("no language model");
    }

    private static Training training(CpuDevice device, LanguageModel model, NamedArrays state) {
        Adam adam = new Adam(1e-3, 0.9, 0.999, 1e-8, 0, new Constant(0));
        return new Training(device, model, DATA, new Course(8, 6, 0, adam, 0, false), 3, "recover", state);
    }

    private static LanguageModel model() {
        return (LanguageModel) new Llama(
                        11,
                        16,
                        2,
                        4,
                        Optional.of(2),
                        Optional.empty(),
                        24,
                        64,
                        10_000,
                        new RotaryScaling.Unscaled(),
                        1e-5,
                        false,
                        Init.GLOROT_NORMAL)
                .build(new int[] {9}, 0, 3);
    }
}
