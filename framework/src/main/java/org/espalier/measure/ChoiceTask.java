package org.espalier.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.data.file.FileFormatException;
import org.espalier.spec.Binder;
import org.espalier.spec.Default;
import org.espalier.spec.Yaml;

/**
 * A multiple-choice task as a YAML file describes it, over a file with a JSON object a line.
 *
 * @param data that file, relative to the task's
 * @param context what the model reads: text with fields in braces, such as {@code "Question: {question}\nAnswer:"}
 * @param choices the field with the list of continuations
 * @param answer the field with the right one's number, from 0
 * @param delimiter what stands between context and choice
 */
public record ChoiceTask(
        String data,
        String context,
        @Default("choices") String choices,
        @Default("answer") String answer,
        @Default("' '") String delimiter) {
    private static final Pattern FIELD = Pattern.compile("\\{([^{}]+)}");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One question with its possible continuations, the delimiter not among them. */
    public record Item(String context, List<String> choices, int answer) {}

    /** Reads a task's description. */
    public static ChoiceTask read(Path file) {
        return Binder.bind(ChoiceTask.class, Yaml.read(file));
    }

    /**
     * Its questions.
     *
     * @param folder where the task's file lies
     * @throws IOException naming file and line, if one is not as the task says
     */
    public List<Item> items(Path folder) throws IOException {
        Path file = folder.resolve(data);
        List<Item> items = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank()) items.add(item(file, number, line));
        }
        if (items.isEmpty()) throw new FileFormatException(file, "line 1", "there are no questions");
        return items;
    }

    private Item item(Path file, int number, String line) throws IOException {
        String place = "line " + number;
        JsonNode object;
        try {
            object = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new FileFormatException(file, place, "is no JSON: " + e.getOriginalMessage());
        }
        JsonNode listed = object.path(choices);
        List<String> texts = new ArrayList<>();
        for (JsonNode choice : listed) texts.add(choice.asText());
        JsonNode right = object.path(answer);
        if (!listed.isArray() || texts.size() < 2 || texts.stream().anyMatch(String::isEmpty))
            throw new FileFormatException(file, place, "'" + choices + "' should be a list of at least two texts");
        if (!right.isInt() || right.asInt() < 0 || right.asInt() >= texts.size())
            throw new FileFormatException(
                    file, place, "'" + answer + "' should be the number of a choice, 0 to " + (texts.size() - 1));
        return new Item(filled(file, place, object), texts, right.asInt());
    }

    private String filled(Path file, String place, JsonNode object) throws FileFormatException {
        StringBuilder text = new StringBuilder();
        Matcher fields = FIELD.matcher(context);
        while (fields.find()) {
            JsonNode value = object.get(fields.group(1));
            if (value == null || !value.isValueNode())
                throw new FileFormatException(file, place, "has no text called '" + fields.group(1) + "'");
            fields.appendReplacement(text, Matcher.quoteReplacement(value.asText()));
        }
        return fields.appendTail(text).toString();
    }
}
