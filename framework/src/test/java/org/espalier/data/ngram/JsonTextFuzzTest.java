package org.espalier.data.ngram;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.espalier.data.file.FileFormatException;
import org.espalier.reliability.ReaderFuzz;

class JsonTextFuzzTest extends ReaderFuzz {
    static Stream<byte[]> seeds() {
        return Stream.of(
                        "{\"text\": \"Ab cd\\n\\u00e9 éß日本 🌱 x\", \"n\": [1, -2.5e3, {\"k\": null}]}",
                        "{\"meta\": {\"text\": \"no\"}, \"a\": true, \"te\\u0078t\": \"\\\"longer than eight\\\"\\ud83c\\udf31\"}")
                .map(line -> line.getBytes(UTF_8));
    }

    @Override
    protected void read(Path file) throws IOException {
        byte[] line = Files.readAllBytes(file);
        byte[] padded = Arrays.copyOf(line, line.length + JsonText.MARGIN);
        try {
            new JsonText("text").read(padded, 0, line.length, new LowerCase());
        } catch (BadLineException e) {
            throw new FileFormatException(file, "line 1", e.getMessage());
        }
    }
}
