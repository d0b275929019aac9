package org.espalier.data;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.espalier.data.text.Tokenizer;

/**
 * Stretches of equal length of one sequence of tokens: an example is {@code length} token ids as floats, and the label
 * of each is the token that follows it. The last token of a window has none, so its label weighs nothing.
 */
public final class TokenWindows implements TokenExamples {
    /** Floats hold whole numbers exactly up to here. */
    private static final int MOST_TOKENS = 1 << 24;

    private final String name;
    private final String digest;
    private final Shape form;
    private final int length;
    private final int[] tokens;
    private final int[] starts;
    private final int first;
    private final Supplier<Domains> domains;
    private volatile Domains known;

    /**
     * @param vocabulary number of different tokens
     * @param length tokens in one window, at least 2
     * @param tokens the sequence, never written again
     * @param starts where in it each window begins
     */
    public TokenWindows(String name, String digest, int vocabulary, int length, int[] tokens, int[] starts) {
        this(name, digest, vocabulary, length, tokens, starts, -1);
    }

    /** @param first the token that every window begins with, before those of the sequence; -1 for none */
    public TokenWindows(String name, String digest, int vocabulary, int length, int[] tokens, int[] starts, int first) {
        this(name, digest, vocabulary, length, tokens, starts, first, () -> Domains.NONE);
    }

    /** @param domains which kinds of text the sequence runs through, asked once and only if somebody wants to know */
    public TokenWindows(
            String name,
            String digest,
            int vocabulary,
            int length,
            int[] tokens,
            int[] starts,
            int first,
            Supplier<Domains> domains) {
        if (vocabulary > MOST_TOKENS) {
            throw new IllegalArgumentException("a vocabulary of " + vocabulary + " tokens; floats tell " + MOST_TOKENS);
        }
        if (length < 2) {
            throw new IllegalArgumentException("a window needs two tokens to predict one, not " + length);
        }
        this.name = name;
        this.digest = digest;
        this.form = new Shape(List.of(length), vocabulary);
        this.length = length;
        this.tokens = tokens;
        this.starts = starts.clone();
        this.first = first;
        this.domains = domains;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return starts.length;
    }

    @Override
    public Shape form() {
        return form;
    }

    @Override
    public int token(int example, int position) {
        if (position < 0 || position >= length) {
            throw new IndexOutOfBoundsException(name + " has windows of " + length + " tokens, none at " + position);
        }
        if (first >= 0) {
            return position == 0 ? first : tokens[starts[example] + position - 1];
        }
        return tokens[starts[example] + position];
    }

    /**
     * The tokens of all windows as the one sequence that they were cut from, without {@link #beginning}.
     *
     * @throws IllegalStateException unless each window goes on where the one before it ended
     */
    public int[] sequence() {
        int own = beginning().isPresent() ? length - 1 : length;
        for (int i = 1; i < starts.length; i++) {
            if (starts[i] != starts[i - 1] + own) {
                throw new IllegalStateException("the windows of " + name + " are not one sequence cut into pieces");
            }
        }
        return Arrays.copyOfRange(tokens, starts[0], starts[0] + starts.length * own);
    }

    /** The token that every window begins with, before those of the sequence. */
    public OptionalInt beginning() {
        return first < 0 ? OptionalInt.empty() : OptionalInt.of(first);
    }

    @Override
    public int labels() {
        return length;
    }

    @Override
    public int label(int example, int position) {
        return position == length - 1 ? 0 : token(example, position + 1);
    }

    @Override
    public float weight(int example, int position) {
        return position == length - 1 ? 0 : 1;
    }

    /** The kind of which most tokens of a window are. */
    @Override
    public String domain(int example) {
        if (known == null) {
            synchronized (domains) {
                known = domains.get();
            }
        }
        return known.most(starts[example], first < 0 ? length : length - 1);
    }

    @Override
    public Optional<String> text(int example, Supplier<Tokenizer> tokenizer) {
        int own = first < 0 ? length : length - 1;
        int[] window = Arrays.copyOfRange(tokens, starts[example], starts[example] + own);
        return Optional.of(tokenizer.get().decode(window));
    }

    @Override
    public String digest() {
        return digest;
    }
}
