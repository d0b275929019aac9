package org.espalier.data.corpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.espalier.data.Corpus;
import org.espalier.data.Text;
import org.espalier.data.file.FileFormatException;
import org.espalier.spec.Default;

/**
 * A file with a JSON object a line, each a document; empty lines are passed over.
 *
 * @param path of the file
 * @param field of the objects that has the text
 * @param domain field that says what kind of text it is; left out, none is known
 * @param join stands between two documents where they are joined
 */
public record Jsonl(
        String path,
        @Default("text") String field,
        Optional<String> domain,
        @Default("\"\\n\"") String join) implements Corpus {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(50)
                            .maxStringLength(100_000_000)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @Override
    public OptionalLong characters(Path datasets) {
        return Utf8.size(Path.of(path));
    }

    @Override
    public Text open(Path datasets) throws IOException {
        Path file = Path.of(path);
        List<Text.Document> documents = new ArrayList<>();
        int line = 0;
        for (String text : Utf8.read(file).split("\n", -1)) {
            line++;
            if (!text.isBlank()) {
                documents.add(document(file, line, text));
            }
        }
        if (documents.isEmpty()) {
            throw new FileFormatException(file, "line " + line, "is the last, and there was no document");
        }
        return new Text(file.getFileName().toString(), documents, join);
    }

    private Text.Document document(Path file, int line, String text) throws FileFormatException {
        try {
            JsonNode object = JSON.readTree(text);
            String kind = domain.isPresent() ? text(file, line, object, domain.get()) : "";
            return new Text.Document("line " + line, kind, text(file, line, object, field));
        } catch (JsonProcessingException e) {
            throw new FileFormatException(file, "line " + line, "is no JSON: " + e.getOriginalMessage());
        }
    }

    private static String text(Path file, int line, JsonNode object, String field) throws FileFormatException {
        JsonNode value = object.get(field);
        if (value == null || !value.isTextual()) {
            throw new FileFormatException(file, "line " + line, "should be an object whose '" + field + "' is a text");
        }
        return value.asText();
    }
}
