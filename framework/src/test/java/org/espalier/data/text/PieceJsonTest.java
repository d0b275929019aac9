package org.espalier.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.data.text.PieceTokenizer.Kind;
import org.espalier.data.text.PieceTokenizer.Piece;
import org.espalier.data.text.PieceTokenizer.Vocabulary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A SentencePiece vocabulary written as tokenizer.json is read by Hugging Face's own library and cuts text as ours does. */
class PieceJsonTest {
    private static final Path GEMMA = Path.of("..", "datasets", "cache", "gemma-3-270m", "gemma-3-270m-q4_k_m.gguf");

    /** What goes wrong where spaces, bytes, runs, special tokens or composed characters are treated a little differently. */
    static final List<String> HARD = List.of(
            "",
            " ",
            "  ",
            "   leading and trailing   ",
            "a\n\n\n b\t\tc\r\nd",
            "▁already▁spaced ▁",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "hahahahahahahahaha ababababab",
            "                                                 x",
            "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
            "Zoë naïve façade Ångström",
            "e\u0301 vs é, \u200Bzero\u200Dwidth\uFEFF",
            "日本語のテキスト 中文字符 한국어",
            "😀👩‍👩‍👧‍👦🇩🇪 ✓ \uD83E\uDD16",
            "\u0000\u0001\u007F\u0080 control",
            "<bos><eos> <unk> <pad><start_of_turn>user\nhi<end_of_turn>",
            "<table><tr><td>1</td></tr></table> <b>bold</b> <unused42>",
            "<0x0A> <0x41> [toxicity] <mask>",
            "def f(x):\n    return x**2  # square\n\n\nprint(f(3.14159e-10))",
            "1234567890 3,141.59 2024-01-01",
            "''\"\"``´´«»„“”‚‘’ – — … • § ¶ © ® ™ ° ± ÷ ×",
            "ÀÁÂ\u0300\u0301 ffi Ⅷ ½ ﷽ 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈",
            "The quick brown fox jumps over the lazy dog. The Quick Brown Fox.");

    @TempDir
    Path folder;

    private JsonTokenizer read(String json) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, json);
        return JsonTokenizer.read(file, OptionalInt.empty(), OptionalInt.empty());
    }

    private static void same(Tokenizer found, Tokenizer expected, List<String> texts) {
        for (String text : texts) {
            int[] ids = expected.encode(text);
            assertThat(found.encode(text)).as("'%s'", text).isEqualTo(ids);
            assertThat(found.decode(ids)).as("'%s' back", text).isEqualTo(expected.decode(ids));
        }
    }

    private static List<String> random(String alphabet, int seed, int count, int length) {
        Random random = new Random(seed);
        int[] characters = alphabet.codePoints().toArray();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(random.ints(random.nextInt(length), 0, characters.length)
                    .mapToObj(c -> Character.toString(characters[c]))
                    .collect(Collectors.joining()));
        }
        return texts;
    }

    private static Vocabulary small(boolean spaceFirst) {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece("<unk>", 0, Kind.UNKNOWN));
        pieces.add(new Piece("<s>", 0, Kind.CONTROL));
        pieces.add(new Piece("\n\n", 0, Kind.USER_DEFINED));
        if (!spaceFirst) {
            pieces.add(new Piece("   ", 0, Kind.USER_DEFINED)); // as converters to GGUF spell it
        }
        for (int b = 0; b < 256; b++) {
            pieces.add(new Piece("<0x%02X>".formatted(b), 0, Kind.BYTE));
        }
        float score = -1;
        for (String text : "▁a ab ba ▁b aba ▁ab abab bb ▁▁ ▁▁▁▁ aab ▁a▁ \n b▁a a b ▁ é".split(" ")) {
            pieces.add(new Piece(text, score--, Kind.NORMAL));
        }
        return new Vocabulary(pieces, spaceFirst, OptionalInt.of(1), OptionalInt.empty());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cutsRandomTextsAlike(boolean spaceFirst) throws IOException {
        PieceTokenizer own = new PieceTokenizer(small(spaceFirst));
        JsonTokenizer library = read(own.json().orElseThrow().text());
        assertThat(library.vocabulary()).isEqualTo(own.vocabulary());
        same(library, own, random("aaabb  \n", 3, 2000, 24));
        same(library, own, HARD.stream().filter(text -> !text.isEmpty()).toList());
        same(library, own, List.of("a<s>b <s> b", "<s>", "é<s>\n\n\n"));
    }

    @Test
    void aPieceThatNoMergesComeToCanNotBeWritten() {
        List<Piece> pieces = new ArrayList<>(small(false).pieces());
        pieces.add(new Piece("xy", -1, Kind.NORMAL));
        Vocabulary vocabulary = new Vocabulary(pieces, false, OptionalInt.empty(), OptionalInt.empty());
        assertThat(new PieceTokenizer(vocabulary).json()).isEmpty();
    }

    @Test
    void neitherCanTokensOfSpacesWhereEveryTextBeginsWithOne() {
        List<Piece> pieces = new ArrayList<>(small(true).pieces());
        pieces.add(new Piece("▁▁▁", 0, Kind.USER_DEFINED));
        Vocabulary vocabulary = new Vocabulary(pieces, true, OptionalInt.empty(), OptionalInt.empty());
        assertThat(new PieceTokenizer(vocabulary).json()).isEmpty();
    }

    @Test
    void bytePairsWithLlamasWordsAreWrittenToo() throws IOException {
        String text = String.join(" ", HARD).repeat(3) + "the THE they'll 12 1234 12345\n\n  then";
        BytePairTokenizer.Vocabulary trained = BytePairs.train(text, 400).pieces();
        BytePairTokenizer own = new BytePairTokenizer(new BytePairTokenizer.Vocabulary(
                trained.pieces(),
                trained.merges(),
                WordPattern.LLAMA3,
                trained.special(),
                OptionalInt.empty(),
                OptionalInt.empty()));
        JsonTokenizer library = read(own.json().orElseThrow().text());
        same(library, own, HARD);
        same(library, own, random("theTHE'l1234 \n\r.é", 5, 500, 30));
    }

    @Test
    void gemmaIsCutAlike() throws IOException {
        assumeTrue(Files.isRegularFile(GEMMA), "Gemma 3 270M was not fetched");
        try (Checkpoint checkpoint = Checkpoint.open(GEMMA)) {
            Tokenizer own = checkpoint.tokenizer().orElseThrow();
            long start = System.nanoTime();
            String json = own.json().orElseThrow().text();
            System.out.printf(
                    "gemma: %,d characters of JSON in %.1f s%n", json.length(), (System.nanoTime() - start) / 1e9);
            JsonTokenizer library = read(json);
            same(library, own, HARD);
            same(library, own, random("ab  ", 1, 2000, 40));
            same(library, own, random("e tnaihs\n\t.,<>/=\"12▁é漢😀", 2, 3000, 60));
        }
    }
}
