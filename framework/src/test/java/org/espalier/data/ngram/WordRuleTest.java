package org.espalier.data.ngram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordRuleTest {
    private static final int[] SPACES = {
        9, 10, 11, 12, 13, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232,
        8233, 8239, 8287, 12288
    };

    @Test
    void hasTheSpacesOfItsEngine() {
        assertThat(ofKind(WordRule.UNICODE, WordRule.SPACE)).containsExactly(box(SPACES));
        int[] python = IntStream.concat(IntStream.of(SPACES), IntStream.rangeClosed(28, 31))
                .sorted()
                .toArray();
        assertThat(python).hasSize(29);
        assertThat(ofKind(WordRule.PYTHON, WordRule.SPACE)).containsExactly(box(python));
    }

    /** As CPython 3.11 and the package regex say. */
    @Test
    void takesLettersAndNumbersForWordsInPython() {
        assertThat(kinds(WordRule.PYTHON, "aZ_09é日ʰǅⅧ½²५ª①")).containsOnly(WordRule.WORD);
        assertThat(kinds(WordRule.PYTHON, "-'.\u0301\u0903\u200c\u200d\u2040\u00ad🌱©$\u0000Ⓐ"))
                .containsOnly(WordRule.OTHER);
    }

    @Test
    void takesMarksJoinersAndConnectorsForWordsInUnicode() {
        assertThat(kinds(WordRule.UNICODE, "aZ_09é日ʰǅⅧ५ª\u0301\u0903\u20dd\u200c\u200d\u2040Ⓐ🅐"))
                .containsOnly(WordRule.WORD);
        assertThat(kinds(WordRule.UNICODE, "-'.½²①\u00ad🌱©$\u0000\u001c")).containsOnly(WordRule.OTHER);
    }

    /** CPython 3.11 has 133,548 word characters by Unicode 14, regex 162,226 by Unicode 17; the JDK's Unicode lies between. */
    @Test
    void hasAsManyWordCharactersAsItsUnicodeHas() {
        assertThat(ofKind(WordRule.PYTHON, WordRule.WORD).count()).isBetween(133_548L, 162_226L);
        assertThat(ofKind(WordRule.UNICODE, WordRule.WORD).count()).isBetween(133_548L, 162_226L);
    }

    private static IntStream kinds(WordRule rule, String text) {
        return text.codePoints().map(rule::kind);
    }

    private static Integer[] box(int[] values) {
        return IntStream.of(values).boxed().toArray(Integer[]::new);
    }

    private static IntStream ofKind(WordRule rule, int kind) {
        return IntStream.rangeClosed(0, Character.MAX_CODE_POINT).filter(c -> rule.kind(c) == kind);
    }
}
