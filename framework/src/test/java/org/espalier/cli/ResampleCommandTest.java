package org.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResampleCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void choosesWhatResemblesTheTarget() throws IOException {
        Path raw = write("raw.jsonl", "alice went", "the store", "the alice");
        Path target = write("target.jsonl", "the store");
        Path chosen = folder.resolve("chosen");
        assertThat(run(
                        "--raw",
                        raw,
                        "--target",
                        target,
                        "--keep",
                        "1",
                        "--min-length",
                        "0",
                        "--top-k",
                        "--out",
                        chosen))
                .isZero();
        assertThat(out.toString())
                .startsWith("chosen: 1 of 3 candidates among 3 documents, in " + chosen)
                .contains("kl-reduction: ");
        assertThat(chosen.resolve("0.jsonl")).hasContent("{\"text\": \"the store\"}\n");
        assertThat(chosen.resolve("selection.json")).content().contains("\"seed\" : 0", "\"sha256\" : ");
    }

    @Test
    void answersWhatMakesNoSenseWithExitCode2() throws IOException {
        Path raw = write("raw.jsonl", "a");
        assertThat(run("--raw", raw, "--target", raw, "--keep", "0", "--out", folder.resolve("a")))
                .isEqualTo(2);
        assertThat(err.toString()).contains("a selection of nothing");
        assertThat(run("--raw", raw, "--target", raw, "--keep", "1", "--fit", "some", "--out", folder.resolve("a")))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--fit is a number, all, or auto, not some");
        assertThat(run(
                        "--raw",
                        raw,
                        "--target",
                        raw,
                        "--keep",
                        "1",
                        "--proportions",
                        "1",
                        "--out",
                        folder.resolve("a")))
                .isEqualTo(2);
        assertThat(err.toString()).contains("proportions are for separate targets");
    }

    @Test
    void failsOnBadFilesNamingThem() throws IOException {
        Path raw = Files.writeString(folder.resolve("raw.jsonl"), "{\"text\": \"a\"}\n{\"text\": \"a");
        Path target = write("target.jsonl", "a");
        assertThat(run("--raw", raw, "--target", target, "--keep", "1", "--out", folder.resolve("a")))
                .isEqualTo(1);
        assertThat(err.toString()).contains("espalier: " + raw + ", line 2: ends inside a string");
    }

    private Path write(String name, String... texts) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String text : texts) lines.append("{\"text\": \"").append(text).append("\"}\n");
        return Files.writeString(folder.resolve(name), lines);
    }

    private int run(Object... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "resample";
        for (int i = 0; i < arguments.length; i++) all[i + 1] = arguments[i].toString();
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
    }
}
