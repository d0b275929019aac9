package org.espalier.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;
import org.espalier.data.Text;
import org.espalier.data.corpus.Brown;
import org.espalier.data.file.FileFormatException;
import org.espalier.data.text.BytePairTokenizer.Merge;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BytePairsTest {
    private static final String AWKWARD =
            "The cat's 1234 naïve cafés — 重み 😀\n\n\t  x=  y;\r\nDon't <bos>stop<eos> \u00a0\u2028 end  ";

    @TempDir
    Path folder;

    private Tokenizer throughTheLibrary(BytePairTokenizer own) throws IOException {
        Path file = Files.writeString(
                folder.resolve("tokenizer.json"), own.json().orElseThrow().text());
        return JsonTokenizer.read(file, own.beginning(), own.end());
    }

    private static List<String> cut(BytePairTokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(text))
                .mapToObj(tokenizer.pieces().pieces()::get)
                .toList();
    }

    /**
     * By hand: "low" five times, "lower" twice, "newest" six times, "widest" three times, each after a space (Ġ). The
     * pair e·s is there 9 times, then es·t; l·o and o·w 7 times, the first of which has the lower ids; then Ġ·lo and
     * lo·w 7 times, of which Ġ is a byte and so the lower one.
     */
    @Test
    void theMostFrequentPairIsJoinedFirst() {
        String text = " low".repeat(5) + " lower".repeat(2) + " newest".repeat(6) + " widest".repeat(3);
        BytePairTokenizer tokenizer = BytePairs.train(text, 258 + 4);
        assertThat(tokenizer.pieces().merges())
                .containsExactly(new Merge("e", "s"), new Merge("es", "t"), new Merge("l", "o"), new Merge("Ġ", "lo"));
        assertThat(cut(tokenizer, " lowest")).containsExactly("Ġlo", "w", "est");
        assertThat(tokenizer.vocabulary()).isEqualTo(262);
    }

    @Test
    void theSmallestVocabularyIsTheBytes() {
        BytePairTokenizer tokenizer = BytePairs.train("abc abc", 258);
        assertThat(tokenizer.decode(tokenizer.encode(AWKWARD))).isEqualTo(AWKWARD.replaceAll("<[be]os>", ""));
        assertThat(tokenizer.encode("<bos>a<eos>")).startsWith(0).endsWith(1).hasSize(3);
        assertThat(tokenizer.beginning()).hasValue(0);
        assertThat(tokenizer.end()).hasValue(1);
        assertThatThrownBy(() -> BytePairs.train("", 257)).isInstanceOf(IllegalArgumentException.class);
        assertThat(BytePairs.train("ab", 1000).vocabulary()).isEqualTo(259);
    }

    @Test
    void theSameTextHasTheSameVocabulary() {
        String text = drawn(new Random(1), 20_000);
        assertThat(BytePairs.train(text, 600).digest())
                .isEqualTo(BytePairs.train(text, 600).digest());
        assertThat(BytePairs.train(text, 600).digest())
                .isNotEqualTo(BytePairs.train(text, 601).digest());
    }

    private static String drawn(Random random, int length) {
        String alphabet = "aaaeeeiitttnnsrrhl    .,'0é\n重😀";
        int[] characters = alphabet.codePoints().toArray();
        return random.ints(length, 0, characters.length)
                .mapToObj(i -> Character.toString(characters[i]))
                .collect(Collectors.joining());
    }

    @Test
    void huggingFacesLibraryCutsTextTheSameWay() throws IOException {
        Random random = new Random(2);
        BytePairTokenizer own = BytePairs.train(drawn(random, 30_000), 900);
        Tokenizer library = throughTheLibrary(own);
        assertThat(library.vocabulary()).isEqualTo(own.vocabulary());
        assertThat(library.encode(AWKWARD)).isEqualTo(own.encode(AWKWARD));
        for (int i = 0; i < 300; i++) {
            String text = drawn(random, random.nextInt(200));
            assertThat(library.encode(text)).as(text).isEqualTo(own.encode(text));
            assertThat(library.decode(own.encode(text))).isEqualTo(text);
        }
    }

    @Test
    void brownIsLearntInSecondsAndCutAsByTheLibrary() throws IOException {
        Path datasets = Path.of("..", "datasets");
        Assumptions.assumeTrue(Files.isDirectory(datasets.resolve("cache/brown")), "the Brown corpus was not fetched");
        Text text = new Brown(List.of(), Brown.Division.ALL).open(datasets);
        String joined = text.joined();
        long start = System.nanoTime();
        BytePairTokenizer own = BytePairs.train(joined, 4096);
        double trained = (System.nanoTime() - start) / 1e9;
        start = System.nanoTime();
        int[] ids = own.encode(joined);
        double cut = (System.nanoTime() - start) / 1e9;
        start = System.nanoTime();
        assertThat(throughTheLibrary(own).encode(joined)).isEqualTo(ids);
        System.out.printf(
                "byte pairs: Brown, %,d characters: 4096 tokens learnt in %.1f s, cut into %,d in %.1f s, by the library"
                        + " in %.1f s%n",
                joined.length(), trained, ids.length, cut, (System.nanoTime() - start) / 1e9);
        assertThat(own.vocabulary()).isEqualTo(4096);
        assertThat(own.decode(ids)).isEqualTo(joined);
        assertThat(trained).isLessThan(60);
    }

    @Test
    void brokenTokenizerFilesAreRefused() throws IOException {
        String good = BytePairs.train("ab ab", 260).json().orElseThrow().text();
        for (String bad : new String[] {
            "",
            "{",
            "[]",
            "{}",
            good.replace("\"BPE\"", "\"XYZ\""),
            good.replace("\"Ġ\"", "7"),
            good + "x",
            "\0\0\0" + good, // looks like UTF-32, and is none
            good.replace("\"content\" : \"<", "\"content\" : [ { \"id\" : 0 } ], \"c\" : \"<"),
            good.replace("\"id\" : 0", "\"id\" : -1"),
            good.replace("\"id\" : 0", "\"id\" : 999999999")
        }) {
            Path file = Files.writeString(folder.resolve("bad.json"), bad);
            assertThatThrownBy(() -> JsonTokenizer.read(file, OptionalInt.empty(), OptionalInt.empty()))
                    .as(bad.substring(0, Math.min(40, bad.length())))
                    .isInstanceOf(FileFormatException.class)
                    .hasMessageContaining("bad.json");
        }
    }

    @Test
    void whatShowsInUseNamesTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.json"), """
                {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": null, "post_processor": null,
                 "decoder": null, "model": {"type": "BPE", "unk_token": "<unk>", "vocab": {"a": 0}, "merges": []}}
                """);
        JsonTokenizer tokenizer = JsonTokenizer.read(file, OptionalInt.empty(), OptionalInt.empty());
        assertThat(tokenizer.encode("a")).containsExactly(0);
        assertThatThrownBy(() -> tokenizer.encode("b"))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(FileFormatException.class)
                .hasMessageContaining("bad.json")
                .hasMessageContaining("<unk>");
    }
}
