package org.espalier.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads RFC 4180 text one record at a time; a record that the end of the file cuts short is not delivered. */
final class Csv {
    private final String text;
    private int at;

    private Csv(String text) {
        this.text = text;
    }

    /**
     * Delivers every complete record.
     *
     * @return whether the last record was cut short
     */
    static boolean read(String text, Consumer<List<String>> sink) {
        Csv csv = new Csv(text);
        while (csv.at < text.length()) {
            List<String> fields = csv.next();
            if (fields == null) return true;
            if (fields.size() > 1 || !fields.getFirst().isEmpty()) sink.accept(fields);
        }
        return false;
    }

    private List<String> next() {
        List<String> fields = new ArrayList<>(4);
        while (true) {
            String field = at < text.length() && text.charAt(at) == '"' ? quoted() : plain();
            if (field == null || at >= text.length()) return null;
            fields.add(field);
            char end = text.charAt(at++);
            if (end == ',') continue;
            if (end == '\r' && at < text.length() && text.charAt(at) == '\n') at++;
            return fields;
        }
    }

    private String plain() {
        int from = at;
        while (at < text.length() && !ends(text.charAt(at))) at++;
        return text.substring(from, at);
    }

    private static boolean ends(char c) {
        return c == ',' || c == '\n' || c == '\r';
    }

    private String quoted() {
        StringBuilder field = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c != '"') field.append(c);
            else if (at + 1 < text.length() && text.charAt(at + 1) == '"') field.append(text.charAt(at++));
            else {
                at++;
                return field + plain();
            }
        }
        return null;
    }
}
