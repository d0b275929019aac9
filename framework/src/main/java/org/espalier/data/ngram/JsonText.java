package org.espalier.data.ngram;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes the text of one field out of a JSON object in UTF-8, in lower case, without building anything else. The whole line is
 * checked: what is no JSON or no UTF-8 is refused, wherever in the line it stands. As in Python, the last of several equal names
 * counts, and {@code NaN} and {@code Infinity} are numbers.
 */
public final class JsonText {
    /** How far past the end of a line its array must reach. */
    public static final int MARGIN = LowerCase.MARGIN;

    private static final int DEEPEST = 500;

    private final String field;
    private final byte[] name;

    private byte[] bytes;
    private int at;
    private int end;

    public JsonText(String field) {
        this.field = field;
        this.name = field.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the object that stands alone in {@code bytes[from]} up to {@code bytes[end]}.
     *
     * @param bytes must go on for {@link #MARGIN} bytes behind the end, whatever they are
     * @param into gets the text, and is ended
     */
    public void read(byte[] bytes, int from, int end, LowerCase into) throws BadLineException {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
        skipSpace();
        if (peek() != '{') {
            throw new BadLineException("is no JSON object");
        }
        if (!object(into)) {
            throw new BadLineException("has no text '" + field + "'");
        }
        skipSpace();
        if (at < end) {
            throw broken("something follows the object");
        }
        into.end();
    }

    /** The outermost object; whether the field was there and a text. */
    private boolean object(LowerCase into) throws BadLineException {
        boolean found = false;
        at++;
        skipSpace();
        if (peek() == '}') {
            at++;
            return false;
        }
        while (true) {
            boolean wanted = isField();
            skipSpace();
            if (wanted) {
                into.clear();
                found = peek() == '"';
            }
            if (wanted && found) {
                at++;
                string(into);
            } else {
                value(1);
            }
            if (!goesOn('}')) {
                return found;
            }
        }
    }

    /** Reads a name and the colon behind it; whether it is the field's. */
    private boolean isField() throws BadLineException {
        skipSpace();
        int quote = at;
        name();
        int close = at - 1;
        colon();
        if (Arrays.equals(bytes, quote + 1, close, name, 0, name.length)) {
            return true;
        }
        for (int i = quote; i < close; i++) {
            if (bytes[i] == '\\') {
                return isField(quote, close + 1);
            }
        }
        return false;
    }

    /** The same for a name with escapes in it, which hardly ever comes. */
    private boolean isField(int from, int to) throws BadLineException {
        try {
            return new ObjectMapper()
                    .readValue(bytes, from, to - from, String.class)
                    .equals(field);
        } catch (IOException e) {
            throw broken("a name that cannot be read");
        }
    }

    private void name() throws BadLineException {
        if (peek() != '"') {
            throw broken("a name should stand");
        }
        at++;
        string(null);
    }

    private void colon() throws BadLineException {
        skipSpace();
        if (peek() != ':') {
            throw broken("a colon should stand");
        }
        at++;
    }

    /** Behind a value: whether another follows. */
    private boolean goesOn(char close) throws BadLineException {
        skipSpace();
        int next = peek();
        if (next != ',' && next != close) {
            throw broken("a comma or " + close + " should stand");
        }
        at++;
        return next == ',';
    }

    private void value(int depth) throws BadLineException {
        skipSpace();
        switch (peek()) {
            case '"' -> {
                at++;
                string(null);
            }
            case '{', '[' -> container(depth);
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            case 'N' -> word("NaN");
            case 'I' -> word("Infinity");
            default -> number();
        }
    }

    private void container(int depth) throws BadLineException {
        if (depth == DEEPEST) {
            throw broken("more than " + DEEPEST + " levels");
        }
        boolean named = bytes[at++] == '{';
        char close = named ? '}' : ']';
        skipSpace();
        if (peek() == close) {
            at++;
            return;
        }
        do {
            if (named) {
                skipSpace();
                name();
                colon();
            }
            value(depth + 1);
        } while (goesOn(close));
    }

    private void word(String word) throws BadLineException {
        for (int i = 0; i < word.length(); i++, at++) {
            if (peek() != word.charAt(i)) {
                throw broken("no value begins so");
            }
        }
    }

    private void number() throws BadLineException {
        if (peek() == '-') {
            at++;
        }
        if (peek() == 'I') {
            word("Infinity");
            return;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        if (peek() == '.') {
            at++;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
        }
    }

    private void digits() throws BadLineException {
        int from = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == from) {
            throw broken("no value begins so");
        }
    }

    /**
     * Reads a string from behind its first quote.
     *
     * @param into gets its text, or null where nobody wants it
     */
    private void string(LowerCase into) throws BadLineException {
        while (true) {
            at = into == null ? LowerCase.endOfPlain(bytes, at, end) : into.addPlain(bytes, at, end);
            if (at >= end) {
                throw new BadLineException("ends inside a string");
            }
            int c = bytes[at];
            if (c == '"') {
                at++;
                return;
            }
            if (c < 0) {
                add(utf8(), into);
            } else if (c == '\\') {
                add(escape(), into);
            } else {
                throw broken("a control character inside a string");
            }
        }
    }

    private void add(int codePoint, LowerCase into) throws BadLineException {
        if (into == null) {
            return;
        }
        try {
            into.add(codePoint);
        } catch (IllegalArgumentException e) {
            throw new BadLineException("has " + e.getMessage() + " in '" + field + "'");
        }
    }

    private int escape() throws BadLineException {
        at++;
        int c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unit();
            default -> throw broken("an escape that JSON does not know");
        };
    }

    /** Behind {@code \}{@code u}: a UTF-16 unit, with the second half of a pair where one follows. */
    private int unit() throws BadLineException {
        int first = hexadecimal(at);
        at += 4;
        boolean pair = first >>> 10 == 0xD800 >>> 10 && at + 6 <= end && bytes[at] == '\\' && bytes[at + 1] == 'u';
        if (!pair) {
            return first;
        }
        int second = hexadecimal(at + 2);
        if (second >>> 10 != 0xDC00 >>> 10) {
            return first;
        }
        at += 6;
        return Character.toCodePoint((char) first, (char) second);
    }

    private int hexadecimal(int from) throws BadLineException {
        int unit = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = i < end && bytes[i] > 0 ? Character.digit(bytes[i], 16) : -1;
            if (digit < 0) {
                throw broken("an escape that JSON does not know");
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    /** The code point of several bytes at {@link #at}, which moves behind it; nothing but the shortest form is taken. */
    private int utf8() throws BadLineException {
        int first = bytes[at] & 255;
        int count = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        if (count == 0 || count > end - at) {
            throw new BadLineException("is not UTF-8");
        }
        int c = first & 0x7F >> count;
        for (int i = 1; i < count; i++) {
            int next = bytes[at + i];
            if ((next & 0xC0) != 0x80) {
                throw new BadLineException("is not UTF-8");
            }
            c = c << 6 | next & 0x3F;
        }
        boolean tooLong = count == 3 && c < 0x800 || count == 4 && c < 0x10000;
        if (tooLong || c > Character.MAX_CODE_POINT || c >>> 11 == 0xD800 >>> 11) {
            throw new BadLineException("is not UTF-8");
        }
        at += count;
        return c;
    }

    private void skipSpace() {
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r' || bytes[at] == '\n')) {
            at++;
        }
    }

    /** The next byte, or -1 at the end; bytes beyond ASCII are something else in any case. */
    private int peek() {
        return at < end ? bytes[at] & 255 : -1;
    }

    private BadLineException broken(String what) {
        return new BadLineException("is no JSON: " + (at >= end ? "it ends too early" : what));
    }
}
