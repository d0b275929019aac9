package org.espalier.methods.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.launch.CpuDevice;
import org.espalier.models.LanguageModel;
import org.espalier.train.Adaptation;
import org.espalier.train.Adapter;
import org.espalier.train.Merge;
import org.espalier.train.NamedArrays;
import org.espalier.train.Trainer;
import org.espalier.train.Training;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every adapter promises, on a pruned network. */
class AdapterContractTest {
    private static final CpuDevice DEVICE = new CpuDevice(2);

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    static List<Adapter> adapters() {
        List<Adapter> all = new ArrayList<>(differentiated());
        all.add(lora(Lora.Start.GAUSSIAN, true, 0.25));
        all.add(new Adalora(4, 2, 8, 1, 1, 1, 0.85, 0.85, 0.1, Adalora.Penalty.SQUARED, 0.25, List.of()));
        all.add(lors(Lors.Gradient.STRAIGHT_THROUGH, Lors.Start.GRADIENT));
        return all;
    }

    /** Those whose gradient is the derivative. */
    static List<Adapter> differentiated() {
        return List.of(
                lors(Lors.Gradient.EXACT, Lors.Start.UNIFORM),
                lora(Lora.Start.KAIMING, false, 0),
                lora(Lora.Start.PISSA, false, 0),
                new Adalora(3, 2, 8, 1, 1, 1, 0.85, 0.85, 0, Adalora.Penalty.NORM, 0, List.of()),
                new Sqft(3, 6, List.of()),
                new Spp(4, 4, List.of("q_proj", "down_proj")),
                s2ft(0, 0.5, 0, 0.3, S2ft.Choice.RANDOM, false),
                s2ft(0.5, 0.5, 0.2, 0.3, S2ft.Choice.PRODUCT, false),
                s2ft(0.3, 0, 0.2, 0, S2ft.Choice.GRADIENT, true));
    }

    private static Lora lora(Lora.Start init, boolean dora, double dropout) {
        return new Lora(
                3, 6, Lora.Scaling.RANK_STABILISED, init, dora, dropout, List.of(), Map.of("k_proj", 2), Map.of());
    }

    private static Lors lors(Lors.Gradient gradient, Lors.Start start) {
        return new Lors(2, Optional.empty(), gradient, start, 8, List.of());
    }

    static S2ft s2ft(double v, double o, double u, double d, S2ft.Choice choose, boolean fill) {
        return new S2ft(v, o, u, d, choose, S2ft.Take.LARGEST, 8, fill);
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void changesNothingAtFirst(Adapter adapter) {
        LanguageModel model = AdaptFixture.pruned();
        double before = AdaptFixture.loss(DEVICE, model);
        Adaptation adaptation = adapter.attach(AdaptFixture.training(DEVICE, model, 5, new NamedArrays()));
        assertThat(AdaptFixture.loss(DEVICE, model)).isCloseTo(before, within(1e-5 * before));
        adaptation.merge();
        boolean rounds = adapter instanceof Lora lora && lora.init() == Lora.Start.PISSA;
        assertThat(AdaptFixture.loss(DEVICE, model)).isCloseTo(before, within(rounds ? 1e-5 * before : 0));
    }

    @ParameterizedTest
    @MethodSource("differentiated")
    void itsGradientIsTheDerivative(Adapter adapter) {
        LanguageModel model = AdaptFixture.pruned();
        Adaptation adaptation = adapter.attach(AdaptFixture.training(DEVICE, model, 5, new NamedArrays()));
        for (Parameter p : model.parameters()) p.freeze(true);
        long seed = 0;
        for (Parameter p : adaptation.parameters()) {
            if (!(adapter instanceof S2ft)) AdaptFixture.fill(p.value(), seed++);
        }
        Graph graph = Graph.forTraining();
        AdaptFixture.traced(graph, model);
        graph.differentiate();
        DEVICE.compile(graph.launches()).run();
        for (Parameter p : adaptation.parameters()) {
            float[] analytic = p.grad().clone();
            double largest = 0;
            for (float g : analytic) largest = Math.max(largest, Math.abs(g));
            for (int i = 0; i < p.size(); i += Math.max(1, p.size() / 5)) {
                if (p.mask() != null && p.mask()[i] == 0) continue;
                assertThat(difference(model, p, i))
                        .as(p.name() + " " + i)
                        .isCloseTo(analytic[i], within(0.02 * largest + 2e-3));
            }
        }
    }

    private static double difference(LanguageModel model, Parameter p, int entry) {
        float step = 5e-3f, value = p.value()[entry];
        p.value()[entry] = value + step;
        double above = AdaptFixture.loss(DEVICE, model);
        p.value()[entry] = value - step;
        double below = AdaptFixture.loss(DEVICE, model);
        p.value()[entry] = value;
        return (above - below) / (2 * step);
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void trainsMergesAndKeepsItsZeros(Adapter adapter) {
        LanguageModel model = AdaptFixture.pruned();
        double before = AdaptFixture.loss(DEVICE, model);
        Trainer trainer = AdaptFixture.trainer(AdaptFixture.training(DEVICE, model, 30, new NamedArrays()), adapter);
        trainer.train(0, (step, loss) -> true);
        Merge merge = trainer.merge();
        assertThat(AdaptFixture.loss(DEVICE, model)).isLessThan(0.97 * before);
        if (adapter.keepsZeros()) assertThat(merge.zerosAfter()).isEqualTo(merge.zerosBefore());
        for (Parameter weight : model.weights()) {
            assertThat(weight.product()).isNull();
            float[] mask = weight.mask();
            assertThat(mask == null).isEqualTo(!adapter.keepsZeros() && !(adapter instanceof S2ft));
            for (int i = 0; mask != null && i < mask.length; i++)
                if (mask[i] == 0) assertThat(weight.value()[i]).isZero();
        }
        assertThat(model.trainable()).hasSameSizeAs(model.parameters());
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void goesOnFromACheckpointWithTheSameBits(Adapter adapter) {
        LanguageModel whole = AdaptFixture.pruned();
        train(DEVICE, whole, new NamedArrays(), adapter, 6, 6);
        LanguageModel first = AdaptFixture.pruned();
        NamedArrays state = new NamedArrays();
        AdaptFixture.trainer(AdaptFixture.training(DEVICE, first, 6, state), adapter)
                .train(0, (step, loss) -> step < 3);
        LanguageModel second = AdaptFixture.dense();
        for (int i = 0; i < first.parameters().size(); i++) {
            Parameter from = first.parameters().get(i), to = second.parameters().get(i);
            to.survive(from.survivors());
            to.load(from.value());
        }
        NamedArrays copy = new NamedArrays();
        Map<String, float[]> saved = new LinkedHashMap<>(state.all());
        saved.forEach((name, values) -> copy.put(name, values.clone()));
        Trainer trainer = AdaptFixture.trainer(AdaptFixture.training(DEVICE, second, 6, copy), adapter);
        trainer.train(3, (step, loss) -> true);
        trainer.merge();
        assertThat(AdaptFixture.values(second)).usingRecursiveComparison().isEqualTo(AdaptFixture.values(whole));
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void givesTheSameBitsOnOneThreadAndThree(Adapter adapter) {
        List<List<float[]>> results = new ArrayList<>();
        for (int threads : new int[] {1, 3})
            try (CpuDevice device = new CpuDevice(threads)) {
                LanguageModel model = AdaptFixture.pruned();
                train(device, model, new NamedArrays(), adapter, 4, 4);
                results.add(AdaptFixture.values(model));
            }
        assertThat(results.get(1)).usingRecursiveComparison().isEqualTo(results.get(0));
    }

    private static void train(
            CpuDevice device, LanguageModel model, NamedArrays state, Adapter adapter, long steps, long end) {
        Training training = AdaptFixture.training(device, model, end, state);
        Trainer trainer = AdaptFixture.trainer(training, adapter);
        trainer.train(0, (step, loss) -> step < steps || step == end);
        trainer.merge();
    }
}
