package org.espalier.models.pretrained;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.data.pretrained.Config;
import org.espalier.reliability.ReaderFuzz;

/** {@code config.json}, up to the network that it describes. */
class ConfigFuzzTest extends ReaderFuzz {
    static Stream<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (String model : new String[] {"tiny-llama", "tiny-gemma3", "tiny-gpt2"}) {
            seeds.add(Files.readAllBytes(Path.of("src/test/resources/golden", model, "model", "config.json")));
        }
        return seeds.stream();
    }

    @Override
    protected void read(Path file) throws IOException {
        PretrainedModel.form(Config.read(file));
    }
}
