package org.espalier.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.data.file.ElementType;
import org.espalier.data.file.Safetensors;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.data.text.BytePairs;
import org.espalier.data.text.Tokenizer;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.RotaryScaling;
import org.espalier.launch.CpuDevice;
import org.espalier.models.pretrained.PretrainedModel;
import org.espalier.models.zoo.Gemma3;
import org.espalier.models.zoo.Gpt2;
import org.espalier.models.zoo.Llama;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders that are written are those that were read: the same tensors, and settings that make the same network of them. */
class SavedModelTest {
    private static final int LENGTH = 12;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"tiny-llama", "tiny-llama-tied", "tiny-gemma3"})
    void hasTheTensorsAndTheLogitsOfTheOriginal(String name) throws IOException {
        try (Checkpoint original = Checkpoint.open(GoldenFolder.named(name).path("model"))) {
            Decoder form = PretrainedModel.form(original.config());
            Model model = PretrainedModel.open(original, LENGTH);
            PretrainedModel.save(form, model, Optional.empty(), ElementType.F32, folder);
            try (Checkpoint saved = Checkpoint.open(folder)) {
                assertThat(saved.names()).isEqualTo(original.names());
                for (String tensor : original.names()) {
                    assertThat(saved.shape(tensor)).as(tensor).isEqualTo(original.shape(tensor));
                    assertThat(values(saved, tensor)).as(tensor).isEqualTo(values(original, tensor));
                }
                assertThat(PretrainedModel.form(saved.config())).isEqualTo(form);
                assertThat(logits(PretrainedModel.open(saved, LENGTH))).isEqualTo(logits(model));
            }
        }
    }

    @Test
    void storesTheFusedProjectionOfGpt2Turned() throws IOException {
        Gpt2 form = new Gpt2(40, 12, 2, 3, Optional.of(20), 32, 1e-5, Init.GLOROT_NORMAL);
        Model model = form.build(new int[] {LENGTH}, 0, 5);
        Parameter bias = model.parameter("transformer.h.1.attn.c_attn.value.bias");
        for (int i = 0; i < 12; i++) bias.value()[i] = i + 1;
        PretrainedModel.save(form, model, Optional.empty(), ElementType.F32, folder);
        try (Checkpoint saved = Checkpoint.open(folder)) {
            assertThat(saved.shape("transformer.h.1.attn.c_attn.weight")).containsExactly(12, 36);
            float[] fused = values(saved, "transformer.h.1.attn.c_attn.weight");
            String[] parts = {"query", "key", "value"};
            for (int part = 0; part < 3; part++) {
                float[] own = model.parameter("transformer.h.1.attn.c_attn." + parts[part] + ".weight")
                        .value();
                for (int out = 0; out < 12; out++)
                    for (int in = 0; in < 12; in++)
                        assertThat(fused[in * 36 + part * 12 + out]).isEqualTo(own[out * 12 + in]);
            }
            assertThat(values(saved, "transformer.h.1.attn.c_attn.bias"))
                    .hasSize(36)
                    .endsWith(10, 11, 12);
            assertThat(saved.shape("transformer.h.0.mlp.c_fc.weight")).containsExactly(12, 20);
            assertThat(PretrainedModel.form(saved.config())).isEqualTo(withInit(form));
            Model again = PretrainedModel.open(saved, LENGTH);
            for (Parameter p : model.parameters())
                assertThat(again.parameter(p.name()).value()).as(p.name()).isEqualTo(p.value());
            assertThat(logits(again)).isEqualTo(logits(model));
        }
    }

    private static Gpt2 withInit(Gpt2 g) {
        return new Gpt2(
                g.vocabulary(), g.width(), g.layers(), g.heads(), g.hidden(), g.context(), g.epsilon(), Init.NORMAL);
    }

    private static List<RotaryScaling> scalings() {
        return List.of(
                new RotaryScaling.Unscaled(),
                new RotaryScaling.Pressed(4),
                new RotaryScaling.Dynamic(2, 48),
                new RotaryScaling.Llama3(8, 1, 4, 32),
                new RotaryScaling.Yarn(4, 32, 1, 16, RotaryScaling.Yarn.attention(4), true));
    }

    @ParameterizedTest
    @MethodSource("scalings")
    void saysHowPositionsAreScaled(RotaryScaling scaling) throws IOException {
        Llama llama =
                new Llama(30, 8, 1, 2, Optional.of(1), Optional.of(4), 12, 64, 5e5, scaling, 1e-6, true, Init.NORMAL);
        Gemma3 gemma =
                new Gemma3(30, 8, 5, 2, 1, 4, 12, 64, 2, 8, Optional.of(4.5), 2e6, 9e3, scaling, 1e-6, Init.NORMAL);
        for (Decoder form : List.of(llama, gemma)) {
            PretrainedModel.save(form, form.build(new int[] {4}, 0, 1), Optional.empty(), ElementType.F32, folder);
            try (Checkpoint saved = Checkpoint.open(folder)) {
                assertThat(PretrainedModel.form(saved.config())).isEqualTo(form);
            }
        }
    }

    @Test
    void roundsToTheTypeThatIsAskedForAndKeepsTheVocabulary() throws IOException {
        Tokenizer tokenizer = BytePairs.train("to be or not to be, that is the question", 270);
        Llama form = new Llama(
                270,
                8,
                1,
                2,
                Optional.empty(),
                Optional.empty(),
                12,
                64,
                1e4,
                new RotaryScaling.Unscaled(),
                1e-6,
                false,
                Init.NORMAL);
        Model model = form.build(new int[] {4}, 0, 1);
        PretrainedModel.save(form, model, Optional.of(tokenizer), ElementType.BF16, folder);
        try (Checkpoint saved = Checkpoint.open(folder)) {
            assertThat(saved.config().text("dtype")).isEqualTo("bfloat16");
            assertThat(saved.config().integer("eos_token_id"))
                    .isEqualTo(tokenizer.end().getAsInt());
            Tokenizer kept = saved.tokenizer().orElseThrow();
            assertThat(kept.beginning()).isEqualTo(tokenizer.beginning());
            assertThat(kept.encode("not to question")).isEqualTo(tokenizer.encode("not to question"));
            float[] written = values(saved, "lm_head.weight");
            float[] own = model.parameter("lm_head.weight").value();
            for (int i = 0; i < own.length; i++)
                assertThat(written[i]).isCloseTo(own[i], within(Math.abs(own[i]) / 256));
        }
        try (Safetensors file = Safetensors.open(folder.resolve("model.safetensors"))) {
            assertThat(file.tensors().get("lm_head.weight").type()).isEqualTo(ElementType.BF16);
        }
    }

    @Test
    void refusesANetworkThatTransformersDoesNotKnow() {
        Decoder unknown = new Decoder() {
            @Override
            public LanguageModel network(int length) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Init init() {
                return Init.NORMAL;
            }
        };
        assertThatThrownBy(() -> PretrainedModel.save(unknown, null, Optional.empty(), ElementType.F32, folder))
                .hasMessageContaining("no form of Hugging Face's");
    }

    private static float[] values(Checkpoint file, String tensor) throws IOException {
        int size = 1;
        for (long dimension : file.shape(tensor)) size *= (int) dimension;
        float[] values = new float[size];
        file.read(tensor, values);
        return values;
    }

    private static float[] logits(Model model) {
        Graph g = Graph.forEvaluation();
        Tensor tokens = g.input("tokens", 1, new int[] {LENGTH}, Layout.ROWS);
        for (int i = 0; i < LENGTH; i++) tokens.value()[i] = (5 * i + 3) % 40;
        Tensor logits = model.forward(g, tokens);
        try (CpuDevice device = new CpuDevice(1)) {
            device.compile(g.launches()).run();
        }
        return logits.value();
    }
}
