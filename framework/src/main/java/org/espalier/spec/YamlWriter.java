package org.espalier.spec;

import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.spec.Node.Entry;
import org.espalier.spec.Node.Mapping;
import org.espalier.spec.Node.Scalar;
import org.espalier.spec.Node.Sequence;

/** Writes nodes as block YAML, short lists of words in brackets, so that {@link Yaml} reads equal nodes back. */
final class YamlWriter {
    private static final int LONGEST_LIST = 100;
    private static final Set<String> NOT_TEXT =
            Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf");

    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    static String write(Node node) {
        YamlWriter writer = new YamlWriter();
        writer.block(node, 0);
        return writer.out.toString();
    }

    /** Whether a text may stand without quotes and no reader will take it for anything but a text. */
    static boolean isWord(String text) {
        return text.matches("[A-Za-z_][\\w./-]*( [\\w./-]+)*") && !NOT_TEXT.contains(text.toLowerCase(Locale.ROOT));
    }

    /** Writes a node on lines of its own. */
    private void block(Node node, int indent) {
        switch (node) {
            case Mapping mapping
            when !mapping.entries().isEmpty() -> {
                for (Entry entry : mapping.entries().values()) entry(entry, indent);
            }
            case Sequence sequence
            when !isInline(sequence) -> {
                for (Node item : sequence.items()) item(item, indent);
            }
            default -> pad(indent).append(inline(node)).append('\n');
        }
    }

    private void entry(Entry entry, int indent) {
        pad(indent).append(scalar(entry.key())).append(':');
        after(entry.value(), indent);
    }

    private void after(Node value, int indent) {
        if (isInline(value)) {
            String text = inline(value);
            out.append(text.isEmpty() ? "" : " ").append(text).append('\n');
        } else {
            out.append('\n');
            block(value, indent + 2);
        }
    }

    private void item(Node item, int indent) {
        if (item instanceof Mapping mapping && !mapping.entries().isEmpty()) {
            Iterator<Entry> entries = mapping.entries().values().iterator();
            Entry first = entries.next();
            pad(indent).append("- ").append(scalar(first.key())).append(':');
            after(first.value(), indent + 2);
            while (entries.hasNext()) entry(entries.next(), indent + 2);
        } else {
            pad(indent).append('-');
            after(item, indent);
        }
    }

    private static boolean isInline(Node node) {
        return switch (node) {
            case Scalar scalar -> true;
            case Mapping mapping -> mapping.entries().isEmpty();
            case Sequence sequence ->
                sequence.items().stream().allMatch(i -> i instanceof Scalar s && isPlainInList(s))
                        && inline(sequence).length() <= LONGEST_LIST;
        };
    }

    private static boolean isPlainInList(Scalar scalar) {
        return scalar.quoted() || scalar.text().matches("[\\w.+-][\\w.+-]*");
    }

    private static String inline(Node node) {
        return switch (node) {
            case Scalar scalar -> scalar(scalar);
            case Mapping mapping -> "{}";
            case Sequence sequence ->
                sequence.items().stream().map(YamlWriter::inline).collect(Collectors.joining(", ", "[", "]"));
        };
    }

    private static String scalar(Scalar scalar) {
        return scalar.quoted() ? quote(scalar.text()) : scalar.text();
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append((char) c);
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    boolean shown = c >= ' ' && c < 0x7f || c >= 0xa1 && c < 0x2000 || c >= 0x3000 && c < 0xfeff;
                    quoted.append(shown ? String.valueOf((char) c) : "\\u%04X".formatted(c));
                }
            }
        });
        return quoted.append('"').toString();
    }

    private StringBuilder pad(int indent) {
        return out.append(" ".repeat(indent));
    }
}
