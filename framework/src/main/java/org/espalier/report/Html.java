package org.espalier.report;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A piece of HTML. Text becomes HTML only by {@link #text} and attributes only by {@link #with}, and both escape, so
 * nothing that a spec, a label or a file name says can become markup; {@link #inline} takes our own resources.
 */
final class Html {
    private static final Set<String> VOID = Set.of("meta", "br", "hr");
    private final String markup;

    private Html(String markup) {
        this.markup = markup;
    }

    /** Text, escaped. */
    static Html text(String text) {
        return new Html(escape(text));
    }

    /** An element without attributes; children are {@code Html}, text, or lists and streams of them. */
    static Html element(String tag, Object... children) {
        return new Tag(tag).of(children);
    }

    /** An element of one class. */
    static Html styled(String tag, String style, Object... children) {
        return with(tag, "class", style).of(children);
    }

    /** An element that gets attributes. */
    static Tag with(String tag, String name, String value) {
        return new Tag(tag).with(name, value);
    }

    /** A script, style or data element whose content is code of ours or JSON that {@link Json} made safe. */
    static Html inline(Tag tag, String code) {
        String end = "</" + tag.name;
        for (int i = code.indexOf('<'); i >= 0; i = code.indexOf('<', i + 1)) {
            if (code.regionMatches(true, i, end, 0, end.length()) || code.startsWith("<!--", i)) {
                throw new IllegalArgumentException("content would end its <" + tag.name + "> element");
            }
        }
        return new Html(tag.open + ">" + code + "</" + tag.name + ">");
    }

    /** An element being opened. */
    static final class Tag {
        private final String name;
        private final StringBuilder open;

        Tag(String name) {
            this.name = name;
            this.open = new StringBuilder("<").append(name);
        }

        Tag with(String attribute, String value) {
            open.append(' ')
                    .append(attribute)
                    .append("=\"")
                    .append(escape(value))
                    .append('"');
            return this;
        }

        Html of(Object... children) {
            StringBuilder out = new StringBuilder(open).append('>');
            for (Object child : children) append(out, child);
            if (!VOID.contains(name)) out.append("</").append(name).append('>');
            return new Html(out.toString());
        }
    }

    private static void append(StringBuilder out, Object child) {
        switch (child) {
            case Html html -> out.append(html.markup);
            case String text -> out.append(escape(text));
            case List<?> list -> list.forEach(each -> append(out, each));
            case Stream<?> stream -> stream.forEach(each -> append(out, each));
            default -> throw new IllegalArgumentException("not a child of an element: " + child.getClass());
        }
    }

    /** Escapes for text and quoted attributes; control characters, which HTML forbids, become U+FFFD. */
    private static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '`' -> out.append("&#96;");
                case '\n', '\t' -> out.append((char) c);
                default ->
                    out.appendCodePoint(c < 0x20 || c >= 0x7f && c < 0xa0 || c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
            }
        });
        return out.toString();
    }

    @Override
    public String toString() {
        return markup;
    }
}
