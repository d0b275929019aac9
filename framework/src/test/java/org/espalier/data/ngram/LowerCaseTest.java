package org.espalier.data.ngram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LowerCaseTest {
    /** What CPython 3.11 makes of them. */
    static Iterable<Map.Entry<String, String>> python() {
        return Map.ofEntries(
                        Map.entry("ΑΣ", "ας"),
                        Map.entry("ΑΣΑ", "ασα"),
                        Map.entry("Σ", "σ"),
                        Map.entry("ΑΣ.", "ας."),
                        Map.entry("ΑΣ.Β", "ασ.β"),
                        Map.entry("ΑΣ. Β", "ας. β"),
                        Map.entry("Α.Σ", "α.ς"),
                        Map.entry("ΣΑ", "σα"),
                        Map.entry("ΑΣ'Σ", "ασ'ς"),
                        Map.entry("ΑΣ\u0301", "ας\u0301"),
                        Map.entry("1Σ", "1σ"),
                        Map.entry("aΣ", "aς"),
                        Map.entry("İΣ", "i\u0307ς"),
                        Map.entry("ʰΣ", "ʰσ"),
                        Map.entry("Aʰ.Σ:", "aʰ.ς:"),
                        Map.entry("ΑΣΣ", "ασς"),
                        Map.entry("İstanbul", "i\u0307stanbul"),
                        Map.entry("ẞ", "ß"),
                        Map.entry("ǅΣ", "ǆς"),
                        Map.entry("Ⅷ", "ⅷ"),
                        Map.entry("Ⓐ", "ⓐ"))
                .entrySet();
    }

    @ParameterizedTest
    @MethodSource("python")
    void lowersAsPythonDoes(Map.Entry<String, String> example) {
        assertThat(lower(example.getKey())).isEqualTo(example.getValue());
    }

    @Test
    void lowersEightAsciiBytesAtOnce() {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 128; c++) all.append(c);
        LowerCase text = new LowerCase();
        for (int i = 0; i < 128; i += 8) {
            long eight = 0;
            for (int j = 7; j >= 0; j--) eight = eight << 8 | all.charAt(i + j);
            text.addAscii(eight, 8);
        }
        text.end();
        assertThat(string(text)).isEqualTo(all.toString().replaceAll("[A-Z]+", "abcdefghijklmnopqrstuvwxyz"));
    }

    @Test
    void holdsLongTexts() {
        String text = "Ab日🌱".repeat(100_000);
        assertThat(lower(text)).isEqualTo("ab日🌱".repeat(100_000));
    }

    @Test
    void refusesHalfOfAPair() {
        assertThatThrownBy(() -> lower("a\ud83cb")).hasMessageContaining("half of a surrogate pair");
    }

    private static String lower(String text) {
        LowerCase lower = new LowerCase();
        lower.add(text);
        lower.end();
        return string(lower);
    }

    private static String string(LowerCase text) {
        return new String(text.bytes(), 0, text.length(), UTF_8);
    }
}
