package org.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.Espalier;
import org.espalier.data.file.Safetensors;
import org.espalier.data.pretrained.Checkpoint;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A very small language model is trained, pruned, exported and asked; a perceptron is not. */
class LanguageCommandsTest {
    private static final String LANGUAGE = """
            name: speaker
            data:
              train: { windows: { of: { text-file: { path: '%s' } }, length: 16 } }
            tokenizer: { size: 280, of: { text-file: { path: '%<s' } } }
            model: { llama: { vocabulary: 280, width: 16, layers: 2, heads: 2, hidden: 24, context: 40, tied: true } }
            steps:
              - train: { batch: 4, steps: 120, optimise: { adam: { rate: 1e-2 } } }
              - prune: { ratio: 0.3 }
            """;
    private static final String PERCEPTRON = """
            name: counter
            data: { train: { modular-addition: { modulus: 5, part: train } } }
            model: { lenet: { hidden: [4] } }
            steps: [ { train: { batch: 4, steps: 2, optimise: { adam: { rate: 1e-3 } } } } ]
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private static Path home;

    private static Path speaker;
    private static Path counter;

    @BeforeAll
    static void train() throws IOException {
        Path text = home.resolve("text.txt");
        Files.writeString(text, "the cat sat on the mat. the dog sat on the log. ".repeat(60));
        try (Espalier espalier = Espalier.at(home)) {
            speaker = ran(espalier, "speaker", LANGUAGE.formatted(text));
            counter = ran(espalier, "counter", PERCEPTRON);
        }
    }

    private static Path ran(Espalier espalier, String name, String spec) throws IOException {
        Path file = home.resolve(name + ".yaml");
        Files.writeString(file, spec);
        return espalier.run(file, "").folder().path();
    }

    @Test
    void exportsWhatTheRunEndedWith() throws IOException {
        Path folder = home.resolve("exported");
        assertThat(run("export", speaker.toString(), "--to", folder.toString(), "--type", "bf16"))
                .isZero();
        assertThat(out.toString()).isEqualTo("exported: " + folder + "\n");
        try (Checkpoint saved = Checkpoint.open(folder);
                Safetensors own = Safetensors.open(speaker.resolve("model/seed-1.safetensors"))) {
            String name = "model.layers.1.mlp.up_proj.weight";
            float[] values = new float[24 * 16];
            saved.read(name, values);
            boolean[] kept = own.mask("mask/" + name);
            float[] trained = own.floats(name);
            for (int i = 0; i < values.length; i++) {
                assertThat(values[i] == 0f).isEqualTo(!kept[i] || trained[i] == 0f);
                assertThat(Math.abs(values[i] - trained[i])).isLessThanOrEqualTo(Math.abs(trained[i]) / 256);
            }
            assertThat(saved.tokenizer().orElseThrow().vocabulary()).isBetween(260, 280);
        }
        assertThat(run("export", speaker.toString(), "--to", folder.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("is not empty: nothing is overwritten");
    }

    @Test
    void continuesAText() throws IOException {
        String[] asked = {"generate", speaker.toString(), "--prompt", "the dog", "--tokens", "12"};
        assertThat(run(asked)).isZero();
        assertThat(out.toString()).startsWith(" sat on the ");
        assertThat(err.toString()).matches("(?s)\\d+ tokens in .* tokens/s, reading the prompt included\n");
        String first = out.toString();
        out.getBuffer().setLength(0);
        assertThat(run(asked)).isZero();
        assertThat(out.toString()).isEqualTo(first);
    }

    @Test
    void drawsAsItsSeedSaysAndStopsWhereTheContextEnds() throws IOException {
        JsonNode one = drawn("7"), again = drawn("7"), other = drawn("8");
        assertThat(one.get("text")).isEqualTo(again.get("text")).isNotEqualTo(other.get("text"));
        assertThat(one.get("tokens").asInt()).isLessThan(40);
        assertThat(err.toString()).contains("takes no more than 40 tokens");
    }

    private JsonNode drawn(String seed) throws IOException {
        out.getBuffer().setLength(0);
        assertThat(run(
                        "generate",
                        speaker.toString(),
                        "--json",
                        "--prompt",
                        "the",
                        "--tokens",
                        "500",
                        "--temperature",
                        "1.5",
                        "--top-k",
                        "50",
                        "--seed",
                        seed))
                .isZero();
        return new ObjectMapper().readTree(out.toString());
    }

    @Test
    void refusesWhatIsNoLanguageModelInOneLine() {
        Path folder = home.resolve("never");
        assertThat(run("export", counter.toString(), "--to", folder.toString())).isEqualTo(2);
        assertThat(run("generate", counter.toString(), "--prompt", "x")).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(2).allMatch(l -> l.endsWith("is no language model"));
        assertThat(folder).doesNotExist();
    }

    @Test
    void refusesWhatCannotBe() {
        String run = speaker.toString();
        assertThat(run("generate", run, "--prompt", "x", "--temperature", "-1")).isEqualTo(2);
        assertThat(run("generate", run, "--prompt", "the cat ".repeat(60))).isEqualTo(2);
        assertThat(run("export", run, "--to", home.resolve("x").toString(), "--seed", "9"))
                .isEqualTo(2);
        assertThat(run("export", run, "--to", home.resolve("text.txt").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("temperature", "room for 40", "has the seeds [1], not 9", "is no folder");
    }

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
