package org.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.data.file.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void showsWhatARunKept() throws IOException {
        Path run = model("a", true, true, false, false);
        assertThat(run("mask", "show", run.toString())).isZero();
        assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly("parameter kept of density", "fc.weight 2 4 50.00 %", "all 2 4 50.00 %");
    }

    @Test
    void comparesTwoRuns() throws IOException {
        Path one = model("a", true, true, false, false);
        Path other = model("b", true, false, true, false);
        assertThat(run("mask", "diff", one.toString(), other.toString())).isZero();
        assertThat(out.toString().lines().skip(1).map(line -> line.replaceAll(" +", " ")))
                .containsExactly("fc.weight 1 1 1 33.33 %", "all 1 1 1 33.33 %");
    }

    @Test
    void saysSoWhereNothingWasPruned() throws IOException {
        Path file = folder.resolve("dense.safetensors");
        new SafetensorsWriter().floats("fc.weight", new float[4], 2, 2).write(file);
        assertThat(run("mask", "show", file.toString())).isEqualTo(1);
        assertThat(err.toString()).startsWith("espalier: ").contains("holds no masks");
    }

    private Path model(String name, boolean... keep) throws IOException {
        Path run = folder.resolve(name);
        Files.createDirectories(run.resolve("model"));
        new SafetensorsWriter()
                .floats("fc.weight", new float[4], 2, 2)
                .mask("mask/fc.weight", keep, 2, 2)
                .write(run.resolve("model/seed-1.safetensors"));
        return run;
    }

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
