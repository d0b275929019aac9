package org.espalier.data.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON of a safetensors header token by token and refuses whatever the format does not know. The parser
 * itself refuses names that stand twice.
 */
final class SafetensorsJson {
    static final String METADATA = "__metadata__";
    private static final int MOST_NAMES = 65_536;
    private static final int MOST_DIMENSIONS = 64;

    private final Path file;
    private final JsonParser parser;
    private final long data;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    /** @param data where the data starts in the file: offsets in the header count from there */
    SafetensorsJson(Path file, JsonParser parser, long data) {
        this.file = file;
        this.parser = parser;
        this.data = data;
    }

    SafetensorsHeader read() throws IOException {
        expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals(METADATA)) {
                readMetadata();
            } else {
                readTensor(name);
            }
        }
        if (parser.nextToken() != null) {
            throw wrong("something follows the header's closing brace");
        }
        return new SafetensorsHeader(tensors, metadata);
    }

    private void readMetadata() throws IOException {
        expect(parser.currentToken(), JsonToken.START_OBJECT, METADATA);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            expect(parser.nextToken(), JsonToken.VALUE_STRING, METADATA + " '" + key + "'");
            if (metadata.size() == MOST_NAMES) {
                throw wrong("more than " + MOST_NAMES + " entries in " + METADATA);
            }
            metadata.put(key, parser.getText());
        }
    }

    private void readTensor(String name) throws IOException {
        if (tensors.size() == MOST_NAMES) {
            throw wrong("more than " + MOST_NAMES + " tensors");
        }
        expect(parser.currentToken(), JsonToken.START_OBJECT, "tensor '" + name + "'");
        ElementType type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "dtype" -> type = readType(name);
                case "shape" -> shape = readNumbers(name, key, MOST_DIMENSIONS);
                case "data_offsets" -> offsets = readNumbers(name, key, 2);
                default -> throw wrong("tensor '" + name + "' has a '" + key + "', which the format does not know");
            }
        }
        if (type == null || shape == null || offsets == null || offsets.size() != 2) {
            throw wrong("tensor '" + name + "' needs a dtype, a shape and two data_offsets");
        }
        tensors.put(name, placed(name, type, shape, offsets.get(0), offsets.get(1)));
    }

    private StoredTensor placed(String name, ElementType type, List<Long> shape, long begin, long end)
            throws FileFormatException {
        if (end < begin || end > Long.MAX_VALUE - data) {
            throw wrong("tensor '" + name + "' has data_offsets [" + begin + ", " + end + "]");
        }
        long bytes = type.bytes();
        try {
            for (long dimension : shape) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
        } catch (ArithmeticException e) {
            throw wrong("tensor '" + name + "' of shape " + shape + " has more bytes than can be counted");
        }
        if (bytes != end - begin) {
            throw wrong("tensor '" + name + "', " + type + " of shape " + shape + ", needs " + bytes
                    + " bytes, but its data_offsets hold " + (end - begin));
        }
        return new StoredTensor(name, type, shape, data + begin, data + end);
    }

    private ElementType readType(String name) throws IOException {
        expect(parser.currentToken(), JsonToken.VALUE_STRING, "the dtype of tensor '" + name + "'");
        String text = parser.getText();
        return ElementType.named(text)
                .orElseThrow(() -> wrong("tensor '" + name + "' has the unknown dtype '" + text + "'"));
    }

    private List<Long> readNumbers(String name, String key, int most) throws IOException {
        String what = key + " of tensor '" + name + "'";
        expect(parser.currentToken(), JsonToken.START_ARRAY, what);
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, "each number in " + what);
            if (numbers.size() == most) {
                throw wrong(what + " has more than " + most + " numbers");
            }
            if (parser.getText().startsWith("-") || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                throw wrong(what + " has a number that is not between 0 and 2^63 - 1: " + parser.getText());
            }
            numbers.add(parser.getLongValue());
        }
        return numbers;
    }

    private void expect(JsonToken actual, JsonToken expected, String what) throws FileFormatException {
        if (actual != expected) {
            throw wrong(what + " should be " + described(expected) + ", not " + described(actual));
        }
    }

    private static String described(JsonToken token) {
        return switch (token) {
            case null -> "the end";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "text";
            case VALUE_NUMBER_INT -> "a whole number";
            case VALUE_NUMBER_FLOAT -> "a fraction";
            default -> token.asString() == null ? token.name() : token.asString();
        };
    }

    private FileFormatException wrong(String problem) {
        long at = Math.max(0, parser.currentTokenLocation().getByteOffset());
        return new FileFormatException(file, SafetensorsHeader.LENGTH_BYTES + at, problem);
    }
}
