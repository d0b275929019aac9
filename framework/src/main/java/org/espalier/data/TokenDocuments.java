package org.espalier.data;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.espalier.data.text.Tokenizer;

/**
 * Documents of a text, each an example of its own: its first tokens as floats, and the label of each is the token that follows it. Behind a
 * shorter document stand tokens 0, whose labels weigh nothing; in a network that looks back only they change nothing.
 */
public final class TokenDocuments implements TokenExamples {
    private final Text text;
    private final String digest;
    private final Shape form;
    private final int length;
    private final int[][] tokens;

    /**
     * @param length tokens of an example, at least 2
     * @param tokens those of each document, at most so many, never written again
     */
    public TokenDocuments(Text text, String digest, int vocabulary, int length, int[][] tokens) {
        this.text = text;
        this.digest = digest;
        this.form = new Shape(List.of(length), vocabulary);
        this.length = length;
        this.tokens = tokens;
    }

    @Override
    public String name() {
        return text.name();
    }

    @Override
    public int size() {
        return tokens.length;
    }

    @Override
    public Shape form() {
        return form;
    }

    @Override
    public int labels() {
        return length;
    }

    @Override
    public int label(int example, int position) {
        return token(example, position + 1);
    }

    @Override
    public float weight(int example, int position) {
        return position + 1 < tokens[example].length ? 1 : 0;
    }

    @Override
    public int length(int example) {
        return tokens[example].length;
    }

    @Override
    public String domain(int example) {
        return text.documents().get(example).domain();
    }

    /** The whole document, also where only its beginning is an example. */
    @Override
    public Optional<String> text(int example, Supplier<Tokenizer> tokenizer) {
        return Optional.of(text.documents().get(example).text());
    }

    @Override
    public int token(int example, int position) {
        return position < tokens[example].length ? tokens[example][position] : 0;
    }

    @Override
    public String digest() {
        return digest;
    }
}
