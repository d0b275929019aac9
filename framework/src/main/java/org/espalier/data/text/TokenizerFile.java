package org.espalier.data.text;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.data.file.FileFormatException;

/**
 * What Hugging Face's library does not tell of a {@code tokenizer.json}.
 *
 * @param vocabulary one more than the highest id
 * @param added ids of the tokens that were added to the model's own, by text
 */
record TokenizerFile(int vocabulary, Map<String, Integer> added) {
    private static final int MOST_TOKENS = 1 << 24;

    static TokenizerFile read(Path file, byte[] json) throws IOException {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(100)
                        .maxNumberLength(64)
                        .maxNameLength(1_000_000)
                        .maxStringLength(10_000_000)
                        .build())
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .build();
        try (JsonParser parser = factory.createParser(json)) {
            return new Scan(file, parser).read();
        } catch (JacksonException e) {
            long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
            throw new FileFormatException(file, at, "no JSON: " + e.getOriginalMessage());
        } catch (CharConversionException e) { // the parser takes zero bytes for UTF-16 or UTF-32
            throw new FileFormatException(file, 0, "no JSON: " + e.getMessage());
        }
    }

    /** One pass over the file that keeps nothing of the vocabulary but its highest id. */
    private static final class Scan {
        private final Path file;
        private final JsonParser parser;
        private final Map<String, Integer> added = new LinkedHashMap<>();
        private int highest = -1;

        Scan(Path file, JsonParser parser) {
            this.file = file;
            this.parser = parser;
        }

        TokenizerFile read() throws IOException {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "a tokenizer");
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                if (key.equals("added_tokens") && value == JsonToken.START_ARRAY) {
                    readAdded();
                } else if (key.equals("model") && value == JsonToken.START_OBJECT) {
                    readModel();
                } else {
                    parser.skipChildren();
                }
            }
            if (highest < 0) {
                throw wrong("it has no vocabulary");
            }
            return new TokenizerFile(highest + 1, added);
        }

        private void readModel() throws IOException {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                if (key.equals("vocab") && value == JsonToken.START_OBJECT) {
                    while (parser.nextToken() != JsonToken.END_OBJECT) {
                        parser.nextToken();
                        note(id());
                    }
                } else if (key.equals("vocab") && value == JsonToken.START_ARRAY) {
                    for (int id = 0; parser.nextToken() != JsonToken.END_ARRAY; id++) {
                        parser.skipChildren();
                        note(id);
                    }
                } else {
                    parser.skipChildren();
                }
            }
        }

        private void readAdded() throws IOException {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                expect(parser.currentToken(), JsonToken.START_OBJECT, "each of added_tokens");
                int id = -1;
                String content = null;
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    parser.nextToken();
                    switch (key) {
                        case "id" -> id = id();
                        case "content" -> content = text();
                        default -> parser.skipChildren();
                    }
                }
                if (id < 0 || content == null) {
                    throw wrong("a token of added_tokens needs an id and a content");
                }
                note(id);
                added.put(content, id);
            }
        }

        private int id() throws IOException {
            expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, "an id");
            return parser.getIntValue();
        }

        private String text() throws IOException {
            expect(parser.currentToken(), JsonToken.VALUE_STRING, "a token's content");
            return parser.getText();
        }

        private void note(int id) throws FileFormatException {
            if (id < 0 || id >= MOST_TOKENS) {
                throw wrong("a token has the id " + id);
            }
            highest = Math.max(highest, id);
        }

        private void expect(JsonToken actual, JsonToken wanted, String what) throws FileFormatException {
            if (actual != wanted) {
                throw wrong(what + " should be " + wanted + ", not " + actual);
            }
        }

        private FileFormatException wrong(String problem) {
            return new FileFormatException(
                    file, Math.max(0, parser.currentTokenLocation().getByteOffset()), problem);
        }
    }
}
