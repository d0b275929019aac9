package org.espalier.spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads YAML into nodes. Of YAML there is what a spec needs: maps, lists, texts, comments, anchors and aliases. Tags,
 * merge keys ({@code <<}; {@code extends} merges), duplicate keys, recursion and a second document are refused.
 */
public final class Yaml {
    /** The longest text, in bytes of UTF-8. */
    public static final int MAXIMUM_BYTES = 1 << 20;

    private static final int LONGEST_LINE = 1 << 16;
    private static final char BYTE_ORDER_MARK = 0xFEFF;

    private Yaml() {}

    /** Reads a file of at most 1 MB in UTF-8, with or without a byte order mark. */
    public static Node read(Path file) {
        Mark start = new Mark(file.toString(), 1, 1);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAXIMUM_BYTES + 1);
            if (bytes.length > MAXIMUM_BYTES)
                throw new SpecException("larger than " + MAXIMUM_BYTES + " bytes, which no spec needs", start);
            return parse(decode(bytes, start), start);
        } catch (NoSuchFileException e) {
            throw new SpecException("no such file", start);
        } catch (IOException e) {
            throw new SpecException("cannot be read: " + e.getMessage(), start);
        }
    }

    /** Reads a text; {@code name} is what errors call it. An empty text is an empty scalar. */
    public static Node parse(String text, String name) {
        return parse(text, new Mark(name, 1, 1));
    }

    /** Reads a text that begins at a place in a larger one. */
    static Node parse(String text, Mark start) {
        String plain = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        if (plain.length() > MAXIMUM_BYTES)
            throw new SpecException("larger than " + MAXIMUM_BYTES + " bytes, which no spec needs", start);
        refuseUnreadable(plain, start);
        return new NodeReader(plain, start).document();
    }

    private static String decode(byte[] bytes, Mark start) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
        } catch (CharacterCodingException e) {
            String before = new String(bytes, 0, buffer.position(), StandardCharsets.UTF_8);
            throw new SpecException("not UTF-8 text", at(before, before.length(), start));
        }
    }

    /** Refuses what an editor would not show, and lines over which the scanner would take time without end. */
    private static void refuseUnreadable(String text, Mark start) {
        int c;
        int column = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (!StreamReader.isPrintable(c) || c == BYTE_ORDER_MARK)
                throw new SpecException("a character that cannot be seen: U+%04X".formatted(c), at(text, i, start));
            column = c == '\n' ? 0 : column + 1;
            if (column > LONGEST_LINE)
                throw new SpecException("a line of more than " + LONGEST_LINE + " characters", at(text, i, start));
        }
    }

    private static Mark at(String text, int index, Mark start) {
        String before = text.substring(0, index);
        int lines = (int) before.chars().filter(c -> c == '\n').count();
        int column = before.codePointCount(before.lastIndexOf('\n') + 1, index);
        return new Mark(start.file(), start.line() + lines, (lines == 0 ? start.column() : 1) + column);
    }
}
