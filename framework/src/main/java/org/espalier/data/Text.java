package org.espalier.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.espalier.data.file.Digest;

/**
 * Documents in a fixed order. Immutable.
 *
 * @param name what it is called in reports, such as {@code brown/train}
 * @param separator stands between two documents where they are joined
 */
public record Text(String name, List<Document> documents, String separator) {
    public Text {
        documents = List.copyOf(documents);
    }

    /**
     * One document.
     *
     * @param domain the kind of text it is, such as a genre; empty where nothing is known
     */
    public record Document(String name, String domain, String text) {}

    /** All documents as one text. */
    public String joined() {
        return documents.stream().map(Document::text).collect(Collectors.joining(separator));
    }

    /** SHA-256, in hexadecimal, of the documents, their names and domains, and the separator. */
    public String digest() {
        Digest.Running running = new Digest.Running();
        add(running, separator);
        for (Document document : documents) {
            add(running, document.name);
            add(running, document.domain);
            add(running, document.text);
        }
        return running.end().sha256();
    }

    /** Adds a text with its length, so that no two lists of texts look the same. */
    private static void add(Digest.Running running, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        running.add(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        running.add(ByteBuffer.wrap(bytes));
    }
}
