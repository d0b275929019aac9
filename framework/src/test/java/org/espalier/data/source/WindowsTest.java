package org.espalier.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.data.Corpus;
import org.espalier.data.Dataset;
import org.espalier.data.Source;
import org.espalier.data.Subset;
import org.espalier.data.TokenWindows;
import org.espalier.data.corpus.Jsonl;
import org.espalier.data.corpus.TextFile;
import org.espalier.data.text.BytePairs;
import org.espalier.data.text.Tokenizer;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowsTest {
    private static final Tokenizer BYTES = BytePairs.train("", 258);

    @TempDir
    Path folder;

    private TextFile text;

    @BeforeEach
    void write() throws IOException {
        text = new TextFile(
                Files.writeString(folder.resolve("a.txt"), "abcdefghij").toString());
    }

    private TokenWindows open(Windows windows) throws IOException {
        return (TokenWindows) windows.open(folder, () -> BYTES);
    }

    private Windows windows(int length, String count, Windows.At at, Windows.Bos bos) {
        return new Windows(text, length, count, at, bos, 0);
    }

    /** The windows as texts; the beginning token is a caret. */
    private static List<String> shown(Dataset data) {
        List<String> shown = new ArrayList<>();
        for (int e = 0; e < data.size(); e++) {
            float[] row = new float[data.features() + 1];
            data.copy(e, row, 1);
            StringBuilder window = new StringBuilder();
            for (int p = 1; p < row.length; p++) {
                window.append(row[p] == 0 ? "^" : BYTES.decode(new int[] {(int) row[p]}));
            }
            shown.add(window.toString());
        }
        return shown;
    }

    @Test
    void aSpecNamesThem() {
        Source bound = Binder.bind(
                Source.class, Yaml.parse("windows: { of: { text-file: a.txt }, length: 256 }", "spec.yaml"));
        assertThat(bound)
                .isEqualTo(new Windows(new TextFile("a.txt"), 256, "all", Windows.At.CONTIGUOUS, Windows.Bos.ONCE, 0));
        assertThat(bound.form()).isEqualTo(new Dataset.Shape(List.of(256), 0));
        Source random = Binder.bind(
                Source.class,
                Yaml.parse(
                        "windows: { of: { text-file: a.txt }, length: 9, count: 16, at: random, bos: none }",
                        "a.yaml"));
        assertThat(random.examples()).isEqualTo(16);
    }

    @Test
    void oneBeginningTokenStandsBeforeTheWholeAndTheTailIsDropped() throws IOException {
        TokenWindows data = open(windows(4, "all", Windows.At.CONTIGUOUS, Windows.Bos.ONCE));
        assertThat(shown(data)).containsExactly("^abc", "defg");
        assertThat(data.classes()).isEqualTo(258);
        assertThat(data.labels()).isEqualTo(4);
        assertThat(data.shape()).containsExactly(4);
        assertThat(data.label(0, 0)).isEqualTo(data.token(0, 1));
        assertThat(data.label(1, 2)).isEqualTo(data.token(1, 3));
        assertThat(data.weight(1, 2)).isEqualTo(1);
        assertThat(data.weight(1, 3)).isZero();
        assertThat(shown(open(windows(4, "1", Windows.At.CONTIGUOUS, Windows.Bos.ONCE))))
                .containsExactly("^abc");
    }

    @Test
    void everyWindowMayBeginWithItOrNone() throws IOException {
        assertThat(shown(open(windows(4, "all", Windows.At.CONTIGUOUS, Windows.Bos.EACH))))
                .containsExactly("^abc", "^def", "^ghi");
        assertThat(shown(open(windows(5, "all", Windows.At.CONTIGUOUS, Windows.Bos.NONE))))
                .containsExactly("abcde", "fghij");
    }

    @Test
    void randomWindowsDependOnTheSeedAlone() throws IOException {
        Windows one = new Windows(text, 3, "40", Windows.At.RANDOM, Windows.Bos.NONE, 1);
        List<String> drawn = shown(open(one));
        assertThat(drawn).hasSize(40).allMatch("abcdefghij"::contains).contains("abc", "hij");
        assertThat(shown(open(one))).isEqualTo(drawn);
        Windows other = new Windows(text, 3, "40", Windows.At.RANDOM, Windows.Bos.NONE, 2);
        assertThat(shown(open(other))).isNotEqualTo(drawn);
        assertThat(open(other).digest()).isNotEqualTo(open(one).digest());
    }

    @Test
    void rowsAndColumnsHoldTheSame() throws IOException {
        TokenWindows data = open(windows(5, "all", Windows.At.CONTIGUOUS, Windows.Bos.NONE));
        float[] columns = new float[5 * 3];
        data.copyColumns(new int[] {9, 1, 0}, 1, 2, columns, 1, 3);
        float[] rows = new float[10];
        data.copyRows(new int[] {1, 0}, 0, 2, rows);
        for (int p = 0; p < 5; p++) {
            assertThat(columns[p * 3]).isZero();
            assertThat(columns[p * 3 + 1]).isEqualTo(rows[p]);
            assertThat(columns[p * 3 + 2]).isEqualTo(rows[5 + p]);
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> windows(1, "all", Windows.At.CONTIGUOUS, Windows.Bos.NONE))
                .hasMessageContaining("length");
        assertThatThrownBy(() -> windows(4, "many", Windows.At.CONTIGUOUS, Windows.Bos.NONE))
                .hasMessageContaining("'many'");
        assertThatThrownBy(() -> windows(4, "all", Windows.At.RANDOM, Windows.Bos.NONE))
                .hasMessageContaining("how many random");
        assertThatThrownBy(() -> open(windows(4, "3", Windows.At.CONTIGUOUS, Windows.Bos.ONCE)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("11 tokens, which make 2 windows of 4, not 3");
        assertThatThrownBy(() -> open(windows(40, "all", Windows.At.CONTIGUOUS, Windows.Bos.ONCE)))
                .hasMessageContaining("0 windows");
        assertThatThrownBy(() -> windows(4, "all", Windows.At.CONTIGUOUS, Windows.Bos.ONCE)
                        .open(folder))
                .hasMessageContaining("tokenizer");
    }

    @Test
    void windowsKnowTheirTextAndTheDomainOfMostOfTheirTokens() throws IOException {
        Files.writeString(folder.resolve("a.jsonl"), """
                {"text": "aaaaa", "kind": "news"}
                {"text": "bbbbbbbb", "kind": "lore"}
                {"text": "cc", "kind": "news"}
                """);
        Corpus corpus = new Jsonl(folder.resolve("a.jsonl").toString(), "text", Optional.of("kind"), "\n");
        for (Windows.Bos bos : Windows.Bos.values()) { // aaaaa.bbbbbbbb.cc, without and with a token before it
            Dataset data = new Windows(corpus, bos == Windows.Bos.EACH ? 5 : 4, "all", Windows.At.CONTIGUOUS, bos, 0)
                    .open(folder, () -> BYTES);
            boolean once = bos == Windows.Bos.ONCE;
            assertThat(texts(data))
                    .containsExactly(
                            once
                                    ? new String[] {"aaa", "aa\nb", "bbbb", "bbb\n"}
                                    : new String[] {"aaaa", "a\nbb", "bbbb", "bb\nc"});
            List<String> domains = new ArrayList<>();
            for (int e = 0; e < 4; e++) domains.add(data.domain(e));
            assertThat(domains).containsExactly("news", "news", "lore", "lore");
            Dataset some = new Subset("some", data, new int[] {1, 3});
            assertThat(texts(some))
                    .containsExactly(texts(data).get(1), texts(data).get(3));
            assertThat(some.domain(1)).isEqualTo("lore");
            assertThat(some.label(1, 0)).isEqualTo(data.label(3, 0));
            assertThat(some.digest()).isNotEqualTo(new Subset("some", data, new int[] {1, 2}).digest());
        }
    }

    private static List<String> texts(Dataset data) {
        List<String> texts = new ArrayList<>();
        for (int e = 0; e < data.size(); e++)
            texts.add(data.text(e, () -> BYTES).orElseThrow());
        return texts;
    }
}
