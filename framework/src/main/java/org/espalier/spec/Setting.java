package org.espalier.spec;

import java.util.ArrayList;
import java.util.List;
import org.espalier.spec.Node.Scalar;

/**
 * One override: {@code a.b=1} sets, {@code +a.b=1} adds, {@code ++a.b=1} does either, {@code ~a.b} removes.
 *
 * @param form what to do
 * @param path the keys from the root down, each with its place in the text
 * @param value what to set; unused by {@link Form#REMOVE}
 */
public record Setting(Form form, List<Scalar> path, Node value) {
    /** What an override does at the end of its path. */
    public enum Form {
        SET(""),
        FORCE("++"),
        ADD("+"),
        REMOVE("~");

        private final String sign;

        Form(String sign) {
            this.sign = sign;
        }
    }

    public Setting {
        path = List.copyOf(path);
    }

    /** Sets a dotted path to a value, as {@code path=value} does. */
    public static Setting of(String path, Node value) {
        return new Setting(Form.SET, path(path, value.mark()), value);
    }

    /**
     * Reads overrides separated by white space outside quotes and brackets; values are YAML.
     *
     * @param origin what errors call the text, e.g. {@code SET}
     */
    public static List<Setting> parse(String text, String origin) {
        List<Setting> settings = new ArrayList<>();
        int end;
        for (int start = 0; start < text.length(); start = end + 1) {
            end = end(text, start);
            if (end > start) settings.add(one(text.substring(start, end), new Mark(origin, 1, start + 1)));
        }
        return settings;
    }

    private static Setting one(String token, Mark mark) {
        Form form = token.startsWith("++")
                ? Form.FORCE
                : token.startsWith("+") ? Form.ADD : token.startsWith("~") ? Form.REMOVE : Form.SET;
        int begin = form.sign.length();
        int equals = token.indexOf('=');
        if (form == Form.REMOVE) {
            if (equals >= 0) throw new SpecException("'~' removes and takes no value", right(mark, equals));
            return new Setting(form, path(token.substring(begin), right(mark, begin)), new Scalar("", false, mark));
        }
        if (equals < 0)
            throw new SpecException(
                    "no '=' in '" + token + "'; a value with spaces needs quotes or brackets around it", mark);
        Node value = Yaml.parse(token.substring(equals + 1), right(mark, equals + 1));
        return new Setting(form, path(token.substring(begin, equals), right(mark, begin)), value);
    }

    private static List<Scalar> path(String text, Mark mark) {
        List<Scalar> path = new ArrayList<>();
        int column = 0;
        for (String key : text.split("\\.", -1)) {
            if (!key.matches("[\\w$-]+"))
                throw new SpecException("'" + text + "' is no path; write keys with dots between", right(mark, column));
            path.add(new Scalar(key, false, right(mark, column)));
            column += key.length() + 1;
        }
        return path;
    }

    /** Where the override that begins at {@code start} ends. */
    private static int end(String text, int start) {
        int depth = 0;
        char quote = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == '\\' && quote == '"') i++;
                else if (c == quote) quote = 0;
            } else if ((c == '"' || c == '\'') && i > start && "=[{,: ".indexOf(text.charAt(i - 1)) >= 0) quote = c;
            else if (c == '[' || c == '{') depth++;
            else if (c == ']' || c == '}') depth--;
            else if (depth <= 0 && Character.isWhitespace(c)) return i;
        }
        return text.length();
    }

    private static Mark right(Mark mark, int columns) {
        return new Mark(mark.file(), mark.line(), mark.column() + columns);
    }
}
