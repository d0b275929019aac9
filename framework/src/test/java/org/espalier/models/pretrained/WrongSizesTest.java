package org.espalier.models.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.data.pretrained.Checkpoint;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations that ask for more than the files hold: known before anything is made as large as they say. */
class WrongSizesTest {
    private static final long FEW_BYTES = 100_000_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @Timeout(20)
    @CsvSource(
            delimiter = '|',
            value = {
                "hidden_size         | 30000      | embed_tokens.weight has the shape [96, 32]",
                "hidden_size         | 100000000  | network with a tensor of more than 2^31 - 1 numbers",
                "vocab_size          | 20000000   | embed_tokens.weight has the shape [96, 32]",
                "vocab_size          | 2000000000 | network with a tensor of more than 2^31 - 1 numbers",
                "intermediate_size   | 5000000    | gate_proj.weight has the shape [48, 32]",
                "num_hidden_layers   | 3          | hold no tensor model.layers.2.",
                "num_hidden_layers   | 9000       | hold no tensor model.layers.2.",
                "num_hidden_layers   | 50000000   | networks have at most 10000",
            })
    void areRefusedBeforeMemoryIsTaken(String key, String value, String because) throws IOException {
        new LlamaFolder(folder, 32, 48, 2).written();
        Path config = folder.resolve("config.json");
        String changed = Files.readString(config).replaceFirst("(\"" + key + "\" : )\\d+", "$1" + value);
        assertThat(changed).contains(value);
        Files.writeString(config, changed);
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        try (Checkpoint file = Checkpoint.open(folder)) {
            assertThatThrownBy(() -> PretrainedModel.open(file, 32))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(because);
        }
        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(FEW_BYTES);
    }
}
