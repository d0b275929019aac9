package org.espalier.models.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.espalier.data.file.Safetensors;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.RotaryScaling;
import org.espalier.launch.CpuDevice;
import org.espalier.models.GoldenFolder;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model that begins with an adapter in its weights. */
class AdaptedTest {
    private static final Zoo.Places PLACES =
            new Zoo.Places(Path.of("src/test/resources/golden").toAbsolutePath(), Path.of("../datasets"));
    private static final int LENGTH = 15;

    private static Zoo adapted(String folder) {
        return new Adapted(new Pretrained("./tiny-llama/model"), folder + "/adapter");
    }

    @ParameterizedTest
    @CsvSource({
        "lora-peft, forward",
        "lora-peft-rslora, forward",
        "peft-dora, logits",
        "peft-adalora, logits",
        "peft-pattern, logits"
    })
    void computesWhatPeftComputes(String folder, String file) throws IOException {
        Model model = adapted(folder).open(PLACES, new int[] {LENGTH}, 0, 1);
        try (Safetensors expected =
                        Safetensors.open(PLACES.specs().resolve(folder).resolve(file + ".safetensors"));
                CpuDevice device = new CpuDevice(1)) {
            int[] ids = expected.ints("input_ids");
            Graph g = Graph.forEvaluation();
            Tensor tokens = g.input("tokens", ids.length / LENGTH, new int[] {LENGTH}, Layout.ROWS);
            for (int i = 0; i < ids.length; i++) tokens.value()[i] = ids[i];
            Tensor logits = model.forward(g, tokens);
            device.compile(g.launches()).run();
            assertThat(GoldenFolder.distance(logits.value(), expected.floats("logits")))
                    .isLessThan(1);
        }
    }

    @Test
    void anotherAdapterIsAnotherModel() throws IOException {
        assertThat(adapted("lora-peft").digest(PLACES))
                .isPresent()
                .isNotEqualTo(adapted("lora-peft-rslora").digest(PLACES))
                .isNotEqualTo(new Pretrained("./tiny-llama/model").digest(PLACES));
    }

    /** Before any weight is read. */
    @Test
    void refusesAnAdapterOfAnotherNetworkWithBothShapes() {
        Zoo cut = new Adapted(llama(100, 80), "lora-peft/adapter");
        assertThatThrownBy(() -> cut.outline(PLACES, new int[] {LENGTH}, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(48, 112)")
                .hasMessageContaining("(48, 80)");
        Zoo other = new Adapted(new Gpt2(100, 48, 2, 4, Optional.empty(), 64, 1e-5, Init.NORMAL), "lora-peft/adapter");
        assertThatThrownBy(() -> other.outline(PLACES, new int[] {LENGTH}, 0))
                .hasMessageContaining("is for another network")
                .hasMessageContaining("c_fc");
    }

    private static Llama llama(int vocabulary, int hidden) {
        return new Llama(
                vocabulary,
                48,
                2,
                6,
                Optional.of(2),
                Optional.empty(),
                hidden,
                64,
                10_000,
                new RotaryScaling.Unscaled(),
                1e-5,
                false,
                Init.NORMAL);
    }

    @Test
    void refusesTheResultOfAnotherSpec() {
        assertThatThrownBy(() -> new Adapted(new From("other.yaml"), "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("export");
    }
}
