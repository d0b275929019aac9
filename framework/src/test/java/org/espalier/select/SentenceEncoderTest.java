package org.espalier.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.espalier.launch.CpuDevice;
import org.junit.jupiter.api.Test;

/** all-MiniLM-L6-v2 itself, where "espalier data fetch minilm-l6-v2" has put it; the numbers are those of transformers 5.23. */
class SentenceEncoderTest {
    private static final Path DATASETS = Path.of("..", "datasets");
    private static final List<String> TEXTS = List.of(
            "The cat sat on the mat.",
            "Stock markets fell sharply on Monday after the announcement.",
            "A kitten was sitting on a rug.");
    private static final float[][] FIRST = {
        {0.130237f, -0.015773f, -0.036717f, 0.057986f},
        {0.031854f, -0.019017f, 0.08758f, 0.055094f},
        {0.042878f, 0.016206f, 0.013126f, 0.072158f}
    };

    @Test
    void givesTheVectorsOfTheLibrary() throws IOException {
        assumeTrue(
                Files.isRegularFile(DATASETS.resolve("cache/minilm-l6-v2/model.safetensors")),
                "all-MiniLM-L6-v2 was not fetched");
        float[][] vectors;
        try (CpuDevice device = new CpuDevice(1)) {
            vectors = SentenceEncoder.open("minilm-l6-v2", DATASETS).embed(device, TEXTS, 256);
        }
        for (int i = 0; i < FIRST.length; i++)
            for (int f = 0; f < FIRST[i].length; f++) assertThat(vectors[i][f]).isCloseTo(FIRST[i][f], within(2e-6f));
        assertThat(dot(vectors[0], vectors[1])).isCloseTo(0.007958, within(1e-5));
        assertThat(dot(vectors[0], vectors[2])).isCloseTo(0.650861, within(1e-5));
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (double) a[i] * b[i];
        return sum;
    }

    @Test
    void refusesWhatIsNoEncoder() {
        String llama = Path.of("src/test/resources/golden/tiny-llama/model")
                .toAbsolutePath()
                .toString();
        assertThatThrownBy(() -> SentenceEncoder.open(llama, DATASETS)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> SentenceEncoder.open("nonesuch", DATASETS))
                .hasMessageContaining("no dataset is called 'nonesuch'");
    }
}
