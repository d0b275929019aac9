package org.espalier.data.pretrained;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.espalier.data.file.FileFormatException;

/**
 * The settings of a model, with the keys of Hugging Face's {@code config.json}. A key that is missing or of another type
 * is refused with the file and the key; {@code null} counts as missing. Immutable.
 */
public final class Config {
    private static final long MOST_BYTES = 25_000_000;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(50)
                            .maxNumberLength(64)
                            .maxNameLength(65_536)
                            .maxStringLength(1_000_000)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private final Path file;
    private final String prefix;
    private final JsonNode values;

    private Config(Path file, String prefix, JsonNode values) {
        this.file = file;
        this.prefix = prefix;
        this.values = values;
    }

    /** Reads a JSON file of at most 25 MB. */
    public static Config read(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MOST_BYTES) {
            throw new FileFormatException(file, MOST_BYTES, size + " bytes are more than a configuration has");
        }
        try {
            JsonNode values = JSON.readTree(Files.readAllBytes(file));
            if (!values.isObject()) {
                throw new FileFormatException(file, 0, "a configuration is a JSON object");
            }
            return new Config(file, "", values);
        } catch (JsonProcessingException e) {
            long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
            throw new FileFormatException(file, at, "no JSON: " + e.getOriginalMessage());
        } catch (CharConversionException e) { // the parser takes zero bytes for UTF-16 or UTF-32
            throw new FileFormatException(file, 0, "no JSON: " + e.getMessage());
        }
    }

    /**
     * Settings that are made here.
     *
     * @param file where they will be or were, for messages
     * @param values texts, numbers, booleans, lists and maps of these
     */
    public static Config of(Path file, Map<String, ?> values) {
        return new Config(file, "", JSON.valueToTree(values));
    }

    /** Whether there is a value for {@code key}. */
    public boolean has(String key) {
        return values.hasNonNull(key);
    }

    /** Whether the value for {@code key} has settings of its own. */
    public boolean isObject(String key) {
        return values.path(key).isObject();
    }

    public String text(String key) throws FileFormatException {
        return checked(key, JsonNode::isTextual, "a text").asText();
    }

    public int integer(String key) throws FileFormatException {
        return checked(key, Config::isInteger, "a whole number").asInt();
    }

    public double number(String key) throws FileFormatException {
        return checked(key, JsonNode::isNumber, "a number").asDouble();
    }

    public boolean flag(String key) throws FileFormatException {
        return checked(key, JsonNode::isBoolean, "true or false").asBoolean();
    }

    /** The settings under {@code key}. */
    public Config nested(String key) throws FileFormatException {
        return new Config(file, prefix + key + ".", checked(key, JsonNode::isObject, "an object"));
    }

    /** A list of texts. */
    public List<String> list(String key) throws FileFormatException {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : checked(key, JsonNode::isArray, "a list of texts")) {
            if (!item.isTextual()) {
                throw wrong(key, "should be a list of texts, but has " + shown(item));
            }
            texts.add(item.asText());
        }
        return texts;
    }

    /** A list of whole numbers; one alone stands for a list of one. */
    public List<Integer> integers(String key) throws FileFormatException {
        JsonNode found = checked(key, node -> node.isArray() || isInteger(node), "a list of whole numbers");
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode item : found.isArray() ? found : List.of(found)) {
            if (!isInteger(item)) {
                throw wrong(key, "should be a list of whole numbers, but has " + shown(item));
            }
            numbers.add(item.asInt());
        }
        return numbers;
    }

    /** A list of truth values. */
    public List<Boolean> flags(String key) throws FileFormatException {
        List<Boolean> flags = new ArrayList<>();
        for (JsonNode item : checked(key, JsonNode::isArray, "a list of true and false")) {
            if (!item.isBoolean()) {
                throw wrong(key, "should be a list of true and false, but has " + shown(item));
            }
            flags.add(item.asBoolean());
        }
        return flags;
    }

    public Optional<String> optionalText(String key) throws FileFormatException {
        return has(key) ? Optional.of(text(key)) : Optional.empty();
    }

    public OptionalInt optionalInteger(String key) throws FileFormatException {
        return has(key) ? OptionalInt.of(integer(key)) : OptionalInt.empty();
    }

    public OptionalDouble optionalNumber(String key) throws FileFormatException {
        return has(key) ? OptionalDouble.of(number(key)) : OptionalDouble.empty();
    }

    public Optional<Boolean> optionalFlag(String key) throws FileFormatException {
        return has(key) ? Optional.of(flag(key)) : Optional.empty();
    }

    public Optional<Config> optionalNested(String key) throws FileFormatException {
        return has(key) ? Optional.of(nested(key)) : Optional.empty();
    }

    /** The keys that have a value, in the order of the file. */
    public List<String> keys() {
        List<String> keys = new ArrayList<>();
        values.fieldNames().forEachRemaining(keys::add);
        keys.removeIf(key -> !has(key));
        return keys;
    }

    /** The same settings with another value for {@code key}. */
    public Config with(String key, String value) {
        ObjectNode changed = values.deepCopy();
        changed.put(key, value);
        return new Config(file, prefix, changed);
    }

    /** All of it as JSON. */
    public String json() {
        return values.toPrettyString() + "\n";
    }

    /** An error about {@code key}, for whoever finds its value impossible. */
    public FileFormatException wrong(String key, String problem) {
        return new FileFormatException(file, "key '" + prefix + key + "'", problem);
    }

    private JsonNode checked(String key, Predicate<JsonNode> type, String wanted) throws FileFormatException {
        if (!has(key)) {
            throw wrong(key, "is missing; it should be " + wanted);
        }
        JsonNode value = values.get(key);
        if (!type.test(value)) {
            throw wrong(key, "should be " + wanted + ", not " + shown(value));
        }
        return value;
    }

    private static boolean isInteger(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt();
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }

    @Override
    public String toString() {
        return file + " " + values;
    }
}
