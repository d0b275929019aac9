package org.espalier.data.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.reliability.ReaderFuzz;

class JsonlFuzzTest extends ReaderFuzz {
    static Stream<byte[]> seeds() {
        return Stream.of("""
                {"text": "a\\n\\u00e9", "kind": "b"}

                {"kind": "c", "n": [1, -2.5e3, true, {"k": null}], "text": ""}
                """.getBytes(UTF_8));
    }

    @Override
    protected void read(Path file) throws IOException {
        new Jsonl(file.toString(), "text", Optional.of("kind"), "\n").open(file.getParent());
    }
}
