package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.espalier.data.file.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepCacheTest {
    @TempDir
    private Path home;

    @Test
    void givesAStagesResultToTheDeviceThatComputedItAndToNoOther() throws IOException {
        Program cpu = Toy.program(""), other = cpu.on("another");
        cache(cpu).put(cpu.stages(), 1, new SafetensorsWriter().floats("x", new float[] {1}, 1), "", "");
        assertThat(cache(cpu).longest(cpu.stages())).isPresent();
        assertThat(cache(other).longest(other.stages())).isEmpty();
    }

    private StepCache cache(Program program) {
        return new StepCache(home, program, 1, Map.of("train", "digest"));
    }
}
