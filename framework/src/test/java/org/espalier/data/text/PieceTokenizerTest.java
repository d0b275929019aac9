package org.espalier.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.espalier.data.text.PieceTokenizer.Kind;
import org.espalier.data.text.PieceTokenizer.Piece;
import org.junit.jupiter.api.Test;

class PieceTokenizerTest {
    private final List<Piece> pieces = new ArrayList<>();

    private PieceTokenizerTest add(String text, float score, Kind kind) {
        pieces.add(new Piece(text, score, kind));
        return this;
    }

    private PieceTokenizerTest normal(float score, String... texts) {
        for (String text : texts) {
            add(text, score, Kind.NORMAL);
        }
        return this;
    }

    private PieceTokenizerTest bytes() {
        for (int b = 0; b < 256; b++) {
            add("<0x%02X>".formatted(b), 0, Kind.BYTE);
        }
        return this;
    }

    private PieceTokenizer tokenizer(boolean spaceFirst) {
        return new PieceTokenizer(
                new PieceTokenizer.Vocabulary(pieces, spaceFirst, OptionalInt.empty(), OptionalInt.empty()));
    }

    private List<String> cut(PieceTokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(text))
                .mapToObj(id -> pieces.get(id).text())
                .toList();
    }

    @Test
    void theHighestScoreIsJoinedFirstAndOfEqualOnesTheLeftmost() {
        bytes().normal(-9, "a", "b", "c").normal(-2, "ab").normal(-1, "bc").normal(-3, "aa");
        PieceTokenizer tokenizer = tokenizer(false);
        assertThat(cut(tokenizer, "abc")).containsExactly("a", "bc");
        assertThat(cut(tokenizer, "ab")).containsExactly("ab");
        assertThat(cut(tokenizer, "aaa")).containsExactly("aa", "a");
    }

    @Test
    void whatIsNoPieceFallsBackToItsBytes() {
        bytes().normal(-9, "a", "▁");
        PieceTokenizer tokenizer = tokenizer(false);
        assertThat(cut(tokenizer, "aé😀 "))
                .containsExactly("a", "<0xC3>", "<0xA9>", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>", "▁");
        assertThat(tokenizer.decode(tokenizer.encode("aé😀 a"))).isEqualTo("aé😀 a");
    }

    /** The two halves of a join need be no pieces themselves. */
    @Test
    void aPieceMayBeJoinedFromCharactersThatAreNone() {
        bytes().normal(-1, "xy");
        assertThat(cut(tokenizer(false), "xyx")).containsExactly("xy", "<0x78>");
    }

    @Test
    void withoutBytesThereIsTheUnknownToken() {
        add("<unk>", 0, Kind.UNKNOWN).normal(-1, "a");
        assertThat(tokenizer(false).encode("aéa")).containsExactly(1, 0, 1);
        pieces.removeFirst();
        assertThatThrownBy(() -> tokenizer(false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("neither an unknown token");
    }

    @Test
    void userDefinedAndControlTokensAreFoundWholeTheLongestFirst() {
        bytes().add("<s>", 0, Kind.CONTROL).add("\n", 0, Kind.USER_DEFINED).add("\n\n", 0, Kind.USER_DEFINED);
        add("▁▁", 0, Kind.USER_DEFINED).normal(-1, "a", "▁", "▁a");
        PieceTokenizer tokenizer = tokenizer(false);
        assertThat(cut(tokenizer, "a\n\n\n<s>  a")).containsExactly("a", "\n\n", "\n", "<s>", "▁▁", "a");
        assertThat(tokenizer.decode(tokenizer.encode("<s>a  a"))).isEqualTo("a  a");
    }

    /** As converters to GGUF write them: Gemma has tokens for runs of spaces. */
    @Test
    void tokensOfSpacesAreFoundHoweverTheyAreSpelt() {
        bytes().add("   ", 0, Kind.USER_DEFINED).normal(-1, "a", "▁");
        PieceTokenizer tokenizer = tokenizer(false);
        assertThat(cut(tokenizer, "a    a")).containsExactly("a", "   ", "▁", "a");
        assertThat(tokenizer.decode(tokenizer.encode("a    a"))).isEqualTo("a    a");
    }

    @Test
    void aSpaceBeforeTheTextIsAddedAndTakenAway() {
        bytes().add("<s>", 0, Kind.CONTROL).normal(-1, "a", "▁", "▁a");
        PieceTokenizer tokenizer = tokenizer(true);
        assertThat(cut(tokenizer, "a a<s>a")).containsExactly("▁a", "▁a", "<s>", "▁a");
        assertThat(tokenizer.decode(tokenizer.encode("a a"))).isEqualTo("a a");
        assertThat(tokenizer.encode("")).isEmpty();
    }

    /** Cutting at spaces first must not be seen: a naive join over the whole text gives the same. */
    @Test
    void wordsAreCutAsTheWholeTextWouldBe() {
        Random random = new Random(3);
        bytes().normal(-50, "a", "b", "▁");
        for (int i = 0; i < 60; i++) {
            String text = random.ints(2 + random.nextInt(3), 0, 3)
                    .mapToObj(c -> "ab▁".substring(c, c + 1))
                    .collect(Collectors.joining());
            if (random.nextInt(4) > 0) {
                text = text.substring(0, 1) + text.substring(1).replace('▁', 'a');
            }
            normal(-1 - random.nextInt(20), text);
        }
        PieceTokenizer tokenizer = tokenizer(false);
        for (int round = 0; round < 2000; round++) {
            String text = random.ints(random.nextInt(30), 0, 5)
                    .mapToObj(c -> "aabb ".substring(c, c + 1))
                    .collect(Collectors.joining());
            assertThat(cut(tokenizer, text)).as(text).isEqualTo(naive(text.replace(' ', '▁')));
        }
    }

    private List<String> naive(String text) {
        List<String> parts =
                new ArrayList<>(text.codePoints().mapToObj(Character::toString).toList());
        while (true) {
            int best = -1;
            float highest = Float.NEGATIVE_INFINITY;
            for (int i = 0; i + 1 < parts.size(); i++) {
                String joined = parts.get(i) + parts.get(i + 1);
                float score = IntStream.range(0, pieces.size())
                        .filter(id -> pieces.get(id).text().equals(joined))
                        .mapToObj(id -> pieces.get(id).score())
                        .findFirst()
                        .orElse(Float.NEGATIVE_INFINITY);
                if (score > highest) {
                    best = i;
                    highest = score;
                }
            }
            if (best < 0) {
                return parts;
            }
            parts.set(best, parts.get(best) + parts.remove(best + 1));
        }
    }

    @Test
    void theDigestTellsVocabulariesApart() {
        bytes().normal(-1, "a");
        String one = tokenizer(false).digest();
        assertThat(tokenizer(false).digest()).isEqualTo(one);
        assertThat(tokenizer(true).digest()).isNotEqualTo(one);
        normal(-2, "b");
        assertThat(tokenizer(false).digest()).isNotEqualTo(one);
    }
}
