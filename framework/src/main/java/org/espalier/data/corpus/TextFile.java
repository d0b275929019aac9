package org.espalier.data.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.espalier.data.Corpus;
import org.espalier.data.Text;

/**
 * A file of plain text in UTF-8, as one document.
 *
 * @param path of the file
 */
public record TextFile(String path) implements Corpus {
    @Override
    public OptionalLong characters(Path datasets) {
        return Utf8.size(Path.of(path));
    }

    @Override
    public Text open(Path datasets) throws IOException {
        Path file = Path.of(path);
        String name = file.getFileName().toString();
        return new Text(name, List.of(new Text.Document(name, "", Utf8.read(file))), "\n");
    }
}
