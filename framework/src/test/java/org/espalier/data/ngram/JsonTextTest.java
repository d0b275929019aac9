package org.espalier.data.ngram;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    private static final ObjectMapper JACKSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @Test
    void takesTheFieldAndPassesOverTheRest() throws BadLineException {
        assertThat(
                        text(
                                "{\"id\": -1.5e+3, \"a\": {\"text\": [1, {}, [], null, true, false]}, \"text\": \"Say \\\"Hi\\\"\"}"))
                .isEqualTo("say \"hi\"");
    }

    @Test
    void readsEscapes() throws BadLineException {
        assertThat(text("{\"text\":\"\\u0041\\n\\t\\/\\\\\\ud83c\\udf31\\u00C9\\b\\f\\r\"}"))
                .isEqualTo("a\n\t/\\🌱é\b\f\r");
        assertThat(text("{\"te\\u0078t\": \"A\"}")).isEqualTo("a");
    }

    @Test
    void takesTheLastOfEqualNamesAsPythonDoes() throws BadLineException {
        assertThat(text("{\"text\": \"A\", \"text\": \"B\"}")).isEqualTo("b");
        assertThatThrownBy(() -> text("{\"text\": \"A\", \"text\": 1}")).hasMessage("has no text 'text'");
    }

    @Test
    void takesTheNumbersThatPythonWrites() throws BadLineException {
        assertThat(text("{\"a\": NaN, \"b\": -Infinity, \"c\": [Infinity], \"text\": \"\"}"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[]",
                "null",
                "{\"text\": \"a\"",
                "{\"text\": \"a",
                "{\"text\": \"a\\",
                "{\"text\": \"a\\u00",
                "{\"text\": \"a\"} x",
                "{\"text\": \"a\"}{}",
                "{\"text\" \"a\"}",
                "{\"text\": \"a\",}",
                "{,\"text\": \"a\"}",
                "{\"text\": \"\\x\"}",
                "{\"text\": \"\t\"}",
                "{\"text\": \"\\ud83c\"}",
                "{\"text\": \"\\udf31\\ud83c\"}",
                "{\"text\": 1}",
                "{\"text\": null}",
                "{\"txt\": \"a\"}",
                "{\"a\": 01, \"text\": \"a\"}",
                "{\"a\": 1., \"text\": \"a\"}",
                "{\"a\": .1, \"text\": \"a\"}",
                "{\"a\": 1e, \"text\": \"a\"}",
                "{\"a\": tru, \"text\": \"a\"}",
                "{\"a\": [1 2], \"text\": \"a\"}",
                "{\"a\": [1,], \"text\": \"a\"}",
                "{'text': 'a'}",
                "{text: \"a\"}"
            })
    void refusesWhatIsNoObjectWithThatText(String line) {
        assertThatThrownBy(() -> text(line)).isInstanceOf(BadLineException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0080",
                "\u00c0\u0080",
                "\u00c3",
                "\u00c3(",
                "\u00e0\u0080\u0080",
                "\u00ed\u00a0\u0080",
                "\u00f4\u0090\u0080\u0080",
                "\u00f0\u0080\u0080\u0080",
                "\u00ff",
                "\u00f0\u009f\u008c"
            })
    void refusesBytesThatAreNoUtf8WhereverTheyStand(String bytes) {
        for (String line :
                new String[] {"{\"text\": \"a" + bytes + "\"}", "{\"b\": \"" + bytes + "\", \"text\": \"a\"}"})
            assertThatThrownBy(() -> text(line.getBytes(ISO_8859_1))).hasMessage("is not UTF-8");
    }

    @Test
    void refusesEndlessNesting() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        assertThatThrownBy(() -> text("{\"a\": " + deep + ", \"text\": \"a\"}")).hasMessageContaining("levels");
    }

    /** 100,000 mutations of valid lines: what Jackson takes for an object with that text, we do, with the same text. */
    @Test
    void agreesWithJacksonOnMutatedLines() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        byte[] alphabet = "{}[]:,\"\\u09aA.eE+-tnf \u00e9日🌱\t".getBytes(UTF_8);
        String[] seeds = {
            "{\"text\": \"Ab cd\\n\\u00e9 éß日本 🌱 x\", \"n\": [1, -2.5e3, {\"k\": null}]}",
            "{\"meta\": {\"text\": \"no\"}, \"a\": true, \"text\": \"yes, \\\"quoted\\\" and much longer than eight\"}"
        };
        int taken = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] line = seeds[i % 2].getBytes(UTF_8);
            for (int change = random.nextInt(3); change >= 0; change--) {
                int at = random.nextInt(line.length);
                line[at] = alphabet[random.nextInt(alphabet.length)];
            }
            if (random.nextInt(4) == 0) line = Arrays.copyOf(line, random.nextInt(line.length));
            Optional<String> expected = jackson(line);
            Optional<String> actual = ours(line);
            assertThat(actual).as(new String(line, UTF_8)).isEqualTo(expected);
            taken += actual.isPresent() ? 1 : 0;
        }
        assertThat(taken).isGreaterThan(5_000);
    }

    private static Optional<String> ours(byte[] line) {
        try {
            return Optional.of(text(line));
        } catch (BadLineException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> jackson(byte[] line) throws IOException {
        if (!UTF_8.newEncoder().canEncode(new String(line, UTF_8))
                || !Arrays.equals(new String(line, UTF_8).getBytes(UTF_8), line)) return Optional.empty();
        try {
            JsonNode value = JACKSON.readTree(line).get("text");
            boolean text =
                    value != null && value.isTextual() && UTF_8.newEncoder().canEncode(value.asText());
            return text ? Optional.of(value.asText().toLowerCase(Locale.ROOT)) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String text(String line) throws BadLineException {
        return text(line.getBytes(UTF_8));
    }

    private static String text(byte[] line) throws BadLineException {
        LowerCase into = new LowerCase();
        byte[] padded = Arrays.copyOf(line, line.length + JsonText.MARGIN);
        Arrays.fill(padded, line.length, padded.length, (byte) '"');
        new JsonText("text").read(padded, 0, line.length, into);
        return new String(into.bytes(), 0, into.length(), UTF_8);
    }
}
