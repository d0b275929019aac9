package org.espalier.data.ngram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Locale;
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

    /** Each byte at each place of eight, with capitals and the borders of what is special around it. */
    @Test
    void addsPlainAsciiUpToTheFirstByteThatIsNone() {
        String around = "AZ[@az~\u007f #!]x";
        for (int b = 0; b < 256; b++) {
            for (int place = 0; place < 20; place++) {
                byte[] source = Arrays.copyOf(around.repeat(3).getBytes(UTF_8), 30 + LowerCase.MARGIN);
                source[place] = (byte) b;
                boolean plain = b >= ' ' && b < 128 && b != '"' && b != '\\';
                int end = plain ? 30 : place;
                LowerCase text = new LowerCase();
                assertThat(Math.min(30, text.addPlain(source, 0, 30))).isEqualTo(end);
                assertThat(Math.min(30, LowerCase.endOfPlain(source, 0, 30))).isEqualTo(end);
                assertThat(Math.min(30, text.length())).isEqualTo(end);
                String expected = new String(source, 0, end, UTF_8).toLowerCase(Locale.ROOT);
                assertThat(string(text)).startsWith(expected);
            }
        }
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
