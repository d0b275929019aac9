package org.espalier.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.espalier.data.Corpus;
import org.espalier.data.Text;
import org.espalier.data.file.FileFormatException;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
    private static final Path DATASETS = Path.of("..", "datasets");

    @TempDir
    Path folder;

    private static Corpus bind(String yaml) {
        return Binder.bind(Corpus.class, Yaml.parse(yaml, "spec.yaml"));
    }

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("file"), content).toString();
    }

    @Test
    void aSpecNamesThem() {
        assertThat(bind("brown")).isEqualTo(new Brown(List.of(), Brown.Division.TRAIN));
        assertThat(bind("brown: { genres: [news, science-fiction], part: test }"))
                .isEqualTo(new Brown(List.of(Brown.Genre.NEWS, Brown.Genre.SCIENCE_FICTION), Brown.Division.TEST));
        assertThat(bind("text-file: { path: a.txt }")).isEqualTo(new TextFile("a.txt"));
        assertThat(bind("text-file: a.txt")).isEqualTo(new TextFile("a.txt"));
        assertThat(bind("jsonl: { path: a.jsonl }")).isEqualTo(new Jsonl("a.jsonl", "text", Optional.empty(), "\n"));
        assertThatThrownBy(() -> bind("brown: { genres: [newz] }")).hasMessageContaining("news");
    }

    @Test
    void aTextFileIsOneDocument() throws IOException {
        Text text = new TextFile(file("\uFEFFa\nb é\n")).open(folder);
        assertThat(text.joined()).isEqualTo("a\nb é\n");
        assertThat(text.documents()).hasSize(1);
        assertThatThrownBy(() -> new TextFile("nowhere").open(folder)).hasMessageContaining("nowhere");
        Path latin = Files.write(folder.resolve("latin"), "a\nb\né".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> new TextFile(latin.toString()).open(folder))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContaining("line 3: is not UTF-8");
    }

    @Test
    void everyLineOfJsonIsADocument() throws IOException {
        String lines = "{\"text\":\"a\\nb\",\"kind\":\"x\"}\n\n{\"kind\":\"y\",\"text\":\"c\"}\r\n";
        Text text = new Jsonl(file(lines), "text", Optional.of("kind"), " | ").open(folder);
        assertThat(text.joined()).isEqualTo("a\nb | c");
        assertThat(text.documents())
                .containsExactly(new Text.Document("line 1", "x", "a\nb"), new Text.Document("line 3", "y", "c"));
        assertThat(text.digest())
                .hasSize(64)
                .isNotEqualTo(new Jsonl(file(lines), "text", Optional.of("kind"), "")
                        .open(folder)
                        .digest())
                .isNotEqualTo(new Jsonl(file(lines), "text", Optional.empty(), " | ")
                        .open(folder)
                        .digest());
    }

    @Test
    void badLinesAreNamed() throws IOException {
        for (String bad : new String[] {
            "{",
            "[]",
            "7",
            "{\"txt\":\"a\"}",
            "{\"text\":7}",
            "{\"text\":null}",
            "{\"text\":\"a\"} x",
            "\u0000",
            "{\"text\":\"a\",\"text\":\"b\"}",
            "[".repeat(1000)
        }) {
            String path = file("{\"text\":\"a\"}\n" + bad + "\n");
            assertThatThrownBy(() -> new Jsonl(path, "text", Optional.empty(), "\n").open(folder))
                    .as(bad)
                    .isInstanceOf(FileFormatException.class)
                    .hasMessageContaining(path + ", line 2: ");
        }
        String empty = file("\n");
        assertThatThrownBy(() -> new Jsonl(empty, "text", Optional.empty(), "\n").open(folder))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContaining("no document");
    }

    @Test
    void wordsLoseTheTagAfterTheirLastSlash() throws IOException {
        Path file = folder.resolve("ca01");
        assertThat(Brown.untagged(file, "\n\n\tThe/at 1/2/cd and/or/cc ``/`` end/nn ./.\n\n\tNext/ap\n"))
                .isEqualTo("The 1/2 and/or `` end . Next");
        assertThatThrownBy(() -> Brown.untagged(file, "a/b\n\nc\n"))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContaining("line 3: has 'c'");
    }

    @Test
    void brownFallsIntoThreePartsOfItsFiveHundredTexts() throws IOException {
        assumeTrue(Files.isDirectory(DATASETS.resolve("cache/brown")), "the Brown corpus was not fetched");
        Set<String> seen = new HashSet<>();
        int[] sizes = new int[3];
        for (Brown.Division part : List.of(Brown.Division.TRAIN, Brown.Division.VALID, Brown.Division.TEST)) {
            Text text = new Brown(List.of(), part).open(DATASETS);
            sizes[part.ordinal()] = text.documents().size();
            text.documents()
                    .forEach(document -> assertThat(seen.add(document.name())).isTrue());
        }
        assertThat(sizes).containsExactly(400, 50, 50);
        Text all = new Brown(List.of(), Brown.Division.ALL).open(DATASETS);
        assertThat(all.documents()).hasSize(500);
        assertThat(all.joined()).startsWith("The Fulton County Grand Jury said Friday an investigation");
        assertThat(all.joined().split("[ \n]")).hasSize(1_161_192);
        assertThat(new Brown(List.of(), Brown.Division.TEST)
                        .open(DATASETS)
                        .documents()
                        .getFirst()
                        .name())
                .isEqualTo("ca10");
        Text humor = new Brown(List.of(Brown.Genre.HUMOR), Brown.Division.ALL).open(DATASETS);
        assertThat(humor.documents())
                .hasSize(9)
                .allMatch(document -> document.domain().equals("humor"));
    }
}
