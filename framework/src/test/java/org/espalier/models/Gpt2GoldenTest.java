package org.espalier.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.data.file.Safetensors;
import org.espalier.data.file.SafetensorsWriter;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Tensor;
import org.espalier.launch.CpuDevice;
import org.espalier.models.pretrained.PretrainedModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small random GPT-2 that transformers saved, with its logits; the folder's README says how. */
class Gpt2GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/tiny-gpt2");
    private static final int LENGTH = 20;

    @Test
    void computesWhatTransformersComputes() throws IOException {
        agrees(GOLDEN.resolve("model"));
    }

    /** As in the files that GPT-2 itself came in. */
    @Test
    void readsNamesWithoutTheirFirstWordToo(@TempDir Path folder) throws IOException {
        Files.copy(GOLDEN.resolve("model/config.json"), folder.resolve("config.json"));
        try (Safetensors file = Safetensors.open(GOLDEN.resolve("model/model.safetensors"))) {
            SafetensorsWriter renamed = new SafetensorsWriter();
            for (var tensor : file.tensors().values())
                renamed.floats(
                        tensor.name().replaceFirst("^transformer\\.", ""),
                        file.floats(tensor.name()),
                        tensor.shape().stream().mapToInt(Long::intValue).toArray());
            renamed.write(folder.resolve("model.safetensors"));
        }
        agrees(folder);
    }

    private static void agrees(Path folder) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                Safetensors forward = Safetensors.open(GOLDEN.resolve("forward.safetensors"));
                CpuDevice device = new CpuDevice(1)) {
            Model model = PretrainedModel.open(checkpoint, LENGTH);
            int[] ids = forward.ints("input_ids");
            Graph g = Graph.forEvaluation();
            Tensor tokens = g.input("tokens", ids.length / LENGTH, new int[] {LENGTH}, Layout.ROWS);
            for (int i = 0; i < ids.length; i++) tokens.value()[i] = ids[i];
            Tensor logits = model.forward(g, tokens);
            device.compile(g.launches()).run();
            assertThat(GoldenFolder.distance(logits.value(), forward.floats("logits")))
                    .isLessThan(1);
        }
    }
}
