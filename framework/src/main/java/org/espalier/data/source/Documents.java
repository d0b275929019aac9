package org.espalier.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.espalier.data.Corpus;
import org.espalier.data.Dataset;
import org.espalier.data.Source;
import org.espalier.data.Text;
import org.espalier.data.TokenDocuments;
import org.espalier.data.file.Digest;
import org.espalier.data.text.Tokenizer;

/**
 * The documents of a text, each an example: what comes in documents, such as instructions with their answers, is selected and trained on
 * one by one. Of a document that is too long, the beginning is taken; before each stands the tokenizer's beginning token, if it has one.
 *
 * @param of the text
 * @param length tokens of an example, the beginning token included
 */
public record Documents(Corpus of, int length) implements Source {
    public Documents {
        if (length < 2 || length > 1 << 20) {
            throw new IllegalArgumentException("length must be between 2 and " + (1 << 20) + ", not " + length);
        }
    }

    @Override
    public Dataset.Shape form() {
        return new Dataset.Shape(List.of(length), 0);
    }

    @Override
    public int examples() {
        return 0;
    }

    @Override
    public Dataset open(Path datasets) throws IOException {
        throw new IOException("documents need the tokenizer of a model");
    }

    @Override
    public Dataset open(Path datasets, Supplier<Tokenizer> tokenizer) throws IOException {
        Text text = of.open(datasets);
        Tokenizer cutter = tokenizer.get();
        int[][] tokens = new int[text.documents().size()][];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = cut(text.documents().get(i).text(), cutter);
        }
        if (tokens.length == 0) {
            throw new IOException(text.name() + " has no documents");
        }
        String identity = String.join(" ", "documents", text.digest(), cutter.digest(), Integer.toString(length));
        return new TokenDocuments(text, Digest.of(identity).sha256(), cutter.vocabulary(), length, tokens);
    }

    private int[] cut(String document, Tokenizer cutter) {
        OptionalInt first = cutter.beginning();
        int before = first.isPresent() ? 1 : 0;
        int[] own = cutter.encode(document);
        int[] tokens =
                Arrays.copyOf(first.isPresent() ? new int[] {first.getAsInt()} : new int[0], before + own.length);
        System.arraycopy(own, 0, tokens, before, own.length);
        return tokens.length <= length ? tokens : Arrays.copyOf(tokens, length);
    }
}
