package org.espalier.methods.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Map;
import org.espalier.data.pretrained.PeftAdapter;
import org.espalier.data.pretrained.PeftFolder;
import org.espalier.launch.CpuDevice;
import org.espalier.models.GoldenFolder;
import org.espalier.train.Adaptation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters that peft saved: in place they give its logits and its gradients, and merged the same logits. */
class LoraGoldenTest {
    @ParameterizedTest
    @ValueSource(strings = {"lora-peft", "lora-peft-rslora"})
    void computesWhatPeftComputes(String name) throws IOException {
        GoldenFolder golden = GoldenFolder.named(name);
        PeftAdapter read = PeftFolder.read(golden.path("adapter"));
        float[] logits = golden.floats("forward.safetensors").get("logits");
        try (CpuDevice device = new CpuDevice(2)) {
            Adaptable adapted =
                    Adaptable.golden(device, GoldenFolder.named("tiny-llama"), golden, "forward.safetensors");
            Adaptation attached = adapted.attached(like(read, adapted));
            assertThat(GoldenFolder.distance(adapted.logits(), logits)).isLessThan(1);
            double loss = golden.expected().get("loss").asDouble();
            assertThat(adapted.loss()).isCloseTo(loss, within(1e-4 * loss));
            gradients(adapted.gradients(attached), golden.floats("gradients.safetensors"));
            attached.merge();
            assertThat(GoldenFolder.distance(adapted.logits(), logits)).isLessThan(1);
        }
    }

    private static void gradients(Map<String, float[]> found, Map<String, float[]> expected) {
        assertThat(found).hasSameSizeAs(expected);
        found.forEach((parameter, gradient) -> assertThat(
                        GoldenFolder.distance(gradient, expected.get(parameter + ".default.weight")))
                .as(parameter)
                .isLessThan(1));
    }

    /** An adapter of the same form, and the values that the file has. */
    private static Lora like(PeftAdapter read, Adaptable adapted) {
        for (PeftAdapter.Layer layer : read.layers()) {
            adapted.begin(layer.module() + ".lora_A", layer.a());
            adapted.begin(layer.module() + ".lora_B", layer.b());
        }
        PeftAdapter.Layer first = read.layers().getFirst();
        return new Lora(
                first.rank(),
                first.alpha(),
                read.rankStabilised() ? Lora.Scaling.RANK_STABILISED : Lora.Scaling.PLAIN,
                Lora.Start.KAIMING,
                false,
                0,
                read.layers().stream().map(PeftAdapter.Layer::module).toList(),
                Map.of(),
                Map.of());
    }
}
