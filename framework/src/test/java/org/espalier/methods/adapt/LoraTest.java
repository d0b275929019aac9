package org.espalier.methods.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.espalier.engine.Axis;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.launch.CpuDevice;
import org.espalier.models.GoldenFolder;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.espalier.models.zoo.Conv;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.espalier.train.Adaptation;
import org.espalier.train.AdaptedWeights;
import org.espalier.train.Adapter;
import org.espalier.train.InputDropout;
import org.espalier.train.LowRank;
import org.espalier.train.Trainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoraTest {
    private static final CpuDevice DEVICE = new CpuDevice(2);

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    private static Lora lora(String parameters) {
        return (Lora) adapter("lora: { " + parameters + " }");
    }

    private static Adapter adapter(String written) {
        return Binder.bind(Adapter.class, Yaml.parse("{ " + written + " }", "test"));
    }

    /** W = I, A = (1, 2), B = (3, 0)ᵀ, alpha 2, rank 1: W + 2·B·A. */
    @Test
    void mergesAsWorkedOutByHand() {
        Span in = Span.of(Axis.of("in", 2)), out = Span.of(Axis.of("out", 2)), rank = Span.of(Axis.of("rank", 1));
        Parameter w = Parameter.weight("w", out, in);
        w.load(new float[] {1, 0, 0, 1});
        Parameter a = Parameter.weight("a", rank, in), b = Parameter.weight("b", out, rank);
        a.load(new float[] {1, 2});
        b.load(new float[] {3, 0});
        AdaptedWeights.inPlace(List.of(new LowRank(w, a, b, 2, InputDropout.NONE)))
                .merge();
        assertThat(w.value()).containsExactly(7, 12, 0, 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rank: 3",
                "init: gaussian, scaling: rank-stabilised",
                "dora: true, alpha: 5",
                "on: [q_proj, down_proj]"
            })
    void changesNoBitAtFirst(String parameters) {
        Adaptable adapted = Adaptable.random(DEVICE, 4);
        float[] before = adapted.logits();
        adapted.attached(lora(parameters));
        assertThat(adapted.logits()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"init: pissa, rank: 4", "init: pissa, dora: true, scaling: rank-stabilised"})
    void principalDirectionsChangeNothingButRounding(String parameters) {
        Adaptable adapted = Adaptable.random(DEVICE, 4);
        float[] before = adapted.logits();
        adapted.attached(lora(parameters));
        assertThat(GoldenFolder.distance(adapted.logits(), before)).isLessThan(1);
    }

    /** What is left of W has the smaller singular values only: its first direction is gone. */
    @Test
    void principalDirectionsAreTakenOutOfTheWeight() {
        Adaptable adapted = Adaptable.random(DEVICE, 4);
        Parameter w = adapted.model().weights().getFirst();
        double[] before =
                org.espalier.engine.LinAlg.svd(w.value(), w.rows(), w.columns()).values();
        adapted.attached(lora("init: pissa, rank: 3, alpha: 5"));
        double[] after =
                org.espalier.engine.LinAlg.svd(w.value(), w.rows(), w.columns()).values();
        for (int i = 0; i + 3 < before.length; i++) assertThat(after[i]).isCloseTo(before[i + 3], within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rank: 3",
                "dora: true",
                "init: pissa",
                "init: pissa, dora: true",
                "scaling: rank-stabilised",
                "dropout: 0.1"
            })
    void computesTheSameWhenMerged(String parameters) {
        Adaptable adapted = Adaptable.random(DEVICE, 4);
        double first = adapted.loss();
        Trainer trainer = adapted.trained(lora(parameters), 20, Adaptable.sgd(0.5), (step, loss) -> true);
        float[] unmerged = adapted.logits();
        assertThat(adapted.loss()).isLessThan(0.99 * first);
        trainer.merge();
        float[] merged = adapted.logits();
        double scale = 0;
        for (float logit : unmerged) scale = Math.max(scale, Math.abs(logit));
        for (int i = 0; i < merged.length; i++)
            assertThat((double) merged[i]).isCloseTo(unmerged[i], within(1e-5 * scale));
    }

    /** Other inputs are left out at each update, the same ones when an update is made again, none when the network is judged. */
    @ParameterizedTest
    @ValueSource(
            strings = {"lora: { dropout: 0.5 }", "lora: { dora: true, dropout: 0.5 }", "adalora: { dropout: 0.5 }"})
    void leavesOutOtherInputsAtEachUpdate(String adapter) {
        Adaptable adapted = Adaptable.random(DEVICE, 4);
        Adaptation attached = adapted.attached(adapter(adapter));
        for (Parameter p : attached.parameters()) p.load(varied(p.size()));
        double first = adapted.lossInTraining(attached, 0), second = adapted.lossInTraining(attached, 1);
        assertThat(Math.abs(first - second)).isGreaterThan(1e-4);
        assertThat(adapted.lossInTraining(attached, 0)).isEqualTo(first);
        assertThat(adapted.loss()).isNotEqualTo(first).isNotEqualTo(second);
        Adaptable whole = Adaptable.random(DEVICE, 4);
        Adaptation without = whole.attached(adapter(adapter.replace("dropout: 0.5", "dropout: 0")));
        for (Parameter p : without.parameters()) p.load(varied(p.size()));
        assertThat(whole.lossInTraining(without, 0)).isEqualTo(whole.lossInTraining(without, 1));
        assertThat(adapted.loss()).isEqualTo(whole.loss());
    }

    private static float[] varied(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) values[i] = (float) Math.sin(i + 1) / 4;
        return values;
    }

    @Test
    void refusesToLeaveOutEverything() {
        assertThatThrownBy(() -> lora("dropout: 1")).hasMessageContaining("dropout must lie in [0, 1), got 1");
    }

    /** Σ rank · (in + out), with DoRA one more for each output. */
    @Test
    void trainsAsManyNumbersAsItSays() {
        for (boolean dora : new boolean[] {false, true}) {
            Adaptable adapted = Adaptable.random(DEVICE, 4);
            Adaptation attached = adapted.attached(lora("rank: 5, rank-pattern: { up_proj: 2 }, dora: " + dora));
            long expected = 0;
            for (Parameter w : adapted.model().weights())
                expected += (long) (w.name().contains("up_proj") ? 2 : 5) * (w.rows() + w.columns())
                        + (dora ? w.rows() : 0);
            assertThat(attached.parameters().stream().mapToLong(Parameter::size).sum())
                    .isEqualTo(expected);
        }
    }

    /** The lengths that directions are divided by are constants to the gradient: differences are taken with them held where they are. */
    @Test
    void gradientsWithLengthsApartAreThoseOfFixedNorms() {
        Adaptable adapted = Adaptable.random(DEVICE, 4);
        Trainer trainer =
                adapted.trained(lora("rank: 2, dora: true, on: v_proj"), 5, Adaptable.sgd(0.5), (s, l) -> true);
        Adaptation attached = trainer.adaptation().orElseThrow();
        Map<String, float[]> gradients = adapted.gradients(attached);
        Map<String, float[]> norms = FixedNorms.of(adapted.model(), attached);
        for (Parameter p : attached.parameters())
            for (int i = 0; i < p.size(); i += 1 + p.size() / 6) {
                double expected = FixedNorms.slope(adapted, attached, norms, p, i);
                assertThat((double) gradients.get(p.name())[i])
                        .as(p.name() + " " + i)
                        .isCloseTo(expected, within(2e-3 + 0.01 * Math.abs(expected)));
            }
    }

    @Test
    void refusesLayersThatAreNotThere() {
        Adaptable adapted = Adaptable.random(DEVICE, 4);
        assertThatThrownBy(() -> lora("on: [q_proj, z_proj]").check(adapted.model()))
                .hasMessageContaining("z_proj")
                .hasMessageContaining("layers.0.mlp.up_proj");
        Model images = new Conv(2, Init.GLOROT_NORMAL).build(new int[] {1, 12, 12}, 4, 1);
        assertThatThrownBy(() -> lora("").check(images)).hasMessageContaining("convolution");
        assertThatThrownBy(() -> lora("init: pissa, rank: 9").check(adapted.model()))
                .hasMessageContaining("rank 9 is more than");
    }
}
