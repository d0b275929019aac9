package org.espalier.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.engine.Tensor;
import org.espalier.launch.ApartDevice;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.models.pretrained.PretrainedModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationTest {
    private static final CpuDevice DEVICE = new CpuDevice(2);

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    /** Windows of 8 tokens and one layer without a window are in tiny-gemma3, grouped queries in both. */
    @ParameterizedTest
    @CsvSource({"tiny-llama, 1", "tiny-gemma3, 1", "tiny-llama, 0.5", "tiny-gemma3, 0.5", "tiny-llama, 0.1"})
    void rememberingGivesTheLogitsOfTheWholeSequence(String name, double density) throws IOException {
        LanguageModel model = pruned(name, density);
        int[] ids = new int[20];
        for (int i = 0; i < ids.length; i++) ids[i] = (7 * i + i * i) % 80;
        Generation generation = new Generation(DEVICE, model, 32);
        for (int begun : new int[] {1, 11}) {
            float[] logits = generation.begin(Arrays.copyOf(ids, begun));
            for (int t = begun; ; t++) {
                float[] whole = last(model, Arrays.copyOf(ids, t));
                for (int v = 0; v < whole.length; v++) assertThat(logits[v]).isCloseTo(whole[v], within(2e-5f));
                if (t == ids.length) break;
                logits = generation.add(ids[t]);
            }
        }
    }

    @Test
    void logitsDoNotDependOnThreads() throws IOException {
        LanguageModel model = pruned("tiny-llama", 0.5);
        float[][] logits = new float[2][];
        for (int i = 0; i < 2; i++)
            try (CpuDevice device = new CpuDevice(1 + 2 * i)) {
                Generation generation = new Generation(device, model, 8);
                generation.begin(new int[] {1, 5, 9});
                logits[i] = generation.add(7).clone();
            }
        assertThat(logits[1]).containsExactly(logits[0]);
    }

    @Test
    void aDeviceWithAMemoryOfItsOwnGivesTheSameLogits() throws IOException {
        LanguageModel model = pruned("tiny-llama", 0.5);
        float[][] logits = new float[2][];
        for (int i = 0; i < 2; i++)
            try (Device device = i == 0 ? new CpuDevice(1) : new ApartDevice()) {
                Generation generation = new Generation(device, model, 8);
                generation.begin(new int[] {1, 5, 9});
                logits[i] = generation.add(7).clone();
            }
        assertThat(logits[1]).containsExactly(logits[0]);
    }

    @Test
    void drawsTheSameTextForTheSameSeed() throws IOException {
        LanguageModel model = model("tiny-llama");
        Generation generation = new Generation(DEVICE, model, 30);
        Sampling sampling = new Sampling(1.2, 20, 0.9);
        int[] first = generation.continuation(new int[] {1, 5, 9}, 20, sampling, OptionalInt.empty(), 4);
        assertThat(generation.continuation(new int[] {1, 5, 9}, 20, sampling, OptionalInt.empty(), 4))
                .isEqualTo(first)
                .hasSize(20);
        assertThat(generation.continuation(new int[] {1, 5, 9}, 20, sampling, OptionalInt.empty(), 5))
                .isNotEqualTo(first);
        int[] ended = generation.continuation(new int[] {1, 5, 9}, 20, sampling, OptionalInt.of(first[3]), 4);
        assertThat(ended).isEqualTo(Arrays.copyOf(first, ended.length)).hasSizeLessThanOrEqualTo(3);
        assertThatThrownBy(() -> new Generation(DEVICE, model, 65)).hasMessageContaining("up to 64 tokens");
    }

    @Test
    void samplesAsItsParametersSay() {
        float[] logits = {1, 3, 2, 3};
        assertThat(Sampling.GREEDY.choose(logits, Rng.of(1, "x", 0))).isEqualTo(1);
        int[] counts = new int[4];
        for (int i = 0; i < 4000; i++) counts[new Sampling(1, 0, 1).choose(logits, Rng.of(1, "x", i))]++;
        double total = Math.exp(1) + 2 * Math.exp(3) + Math.exp(2);
        for (int v = 0; v < 4; v++) assertThat(counts[v] / 4000.0).isCloseTo(Math.exp(logits[v]) / total, within(0.03));
        for (int i = 0; i < 200; i++) {
            assertThat(new Sampling(1, 2, 1).choose(logits, Rng.of(2, "x", i))).isIn(1, 3);
            assertThat(new Sampling(1, 0, 0.3).choose(logits, Rng.of(3, "x", i)))
                    .isEqualTo(1);
        }
        assertThatThrownBy(() -> new Sampling(1, 0, 0)).hasMessageContaining("top-p");
    }

    private static float[] last(Model model, int[] ids) {
        Graph g = Graph.forEvaluation();
        Tensor tokens = g.input("tokens", 1, new int[] {ids.length}, Layout.ROWS);
        for (int i = 0; i < ids.length; i++) tokens.value()[i] = ids[i];
        Tensor logits = model.forward(g, tokens);
        DEVICE.compile(g.launches()).run();
        int classes = model.classes();
        return Arrays.copyOfRange(logits.value(), (ids.length - 1) * classes, ids.length * classes);
    }

    private static LanguageModel pruned(String name, double density) throws IOException {
        LanguageModel model = model(name);
        if (density == 1) return model;
        for (Parameter weight : model.weights()) {
            RandomGenerator random = Rng.of(3, weight.name(), 0);
            float[] mask = new float[weight.size()];
            for (int i = 0; i < mask.length; i++) mask[i] = random.nextDouble() < density ? 1 : 0;
            weight.mask(mask);
        }
        return model;
    }

    private static LanguageModel model(String name) throws IOException {
        try (Checkpoint file = Checkpoint.open(GoldenFolder.named(name).path("model"))) {
            return (LanguageModel) PretrainedModel.open(file, 16);
        }
    }
}
