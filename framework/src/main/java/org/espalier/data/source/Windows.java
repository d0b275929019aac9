package org.espalier.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.espalier.data.Corpus;
import org.espalier.data.Dataset;
import org.espalier.data.Domains;
import org.espalier.data.Source;
import org.espalier.data.Text;
import org.espalier.data.TokenWindows;
import org.espalier.data.file.Digest;
import org.espalier.data.text.Tokenizer;
import org.espalier.engine.Rng;
import org.espalier.spec.Default;

/**
 * Stretches of a text: its documents are joined, the whole is cut into tokens once by the model's tokenizer, and windows
 * of {@code length} tokens are taken from it. By default they follow one another from the first token on, the rest at the
 * end that fills no window dropped, and one beginning token stands before the whole: the papers' protocol.
 *
 * @param of the text
 * @param length tokens in a window, the beginning token included
 * @param count how many windows, or {@code all} there are
 * @param at where windows begin: one after the other, or anywhere
 * @param bos where the tokenizer's beginning token stands
 * @param seed of the places of random windows
 */
public record Windows(
        Corpus of,
        int length,
        @Default("all") String count,
        @Default("contiguous") At at,
        @Default("once") Bos bos,
        @Default("0") long seed)
        implements Source {
    private static final String ALL = "all";

    /** Of a token, about. */
    private static final int CHARACTERS = 4;

    /** Where windows begin. */
    public enum At {
        CONTIGUOUS,
        /** Each independently of the others, so that two may overlap. */
        RANDOM
    }

    /** Where the beginning token stands. */
    public enum Bos {
        /** Before the whole text. */
        ONCE,
        /** First in every window. */
        EACH,
        NONE
    }

    public Windows {
        if (length < 2 || length > 1 << 20) {
            throw new IllegalArgumentException("length must be between 2 and " + (1 << 20) + ", not " + length);
        }
        if (!count.equals(ALL) && !count.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("count must be 'all' or how many, at least 1, not '" + count + "'");
        }
        if (at == At.RANDOM && count.equals(ALL)) {
            throw new IllegalArgumentException("count must say how many random windows are wanted");
        }
    }

    @Override
    public Dataset.Shape form() {
        return new Dataset.Shape(List.of(length), 0);
    }

    @Override
    public int examples() {
        return count.equals(ALL) ? 0 : Integer.parseInt(count);
    }

    /** Tokens are four characters long, about. */
    @Override
    public OptionalLong about(Path datasets) {
        OptionalLong characters = of.characters(datasets);
        return characters.isPresent()
                ? OptionalLong.of(Math.max(1, characters.getAsLong() / CHARACTERS / length))
                : characters;
    }

    @Override
    public Dataset open(Path datasets) throws IOException {
        throw new IOException("windows of text need the tokenizer of a model");
    }

    @Override
    public Dataset open(Path datasets, Supplier<Tokenizer> tokenizer) throws IOException {
        Text text = of.open(datasets);
        Tokenizer cutter = tokenizer.get();
        int first = bos == Bos.NONE ? -1 : beginning(cutter);
        int[] tokens = tokens(cutter.encode(text.joined()), bos == Bos.ONCE ? first : -1);
        int before = bos == Bos.ONCE ? 1 : 0;
        int step = bos == Bos.EACH ? length - 1 : length;
        String identity = String.join(
                " ",
                text.digest(),
                cutter.digest(),
                Integer.toString(length),
                count,
                at.toString(),
                bos.toString(),
                Long.toString(at == At.RANDOM ? seed : 0));
        return new TokenWindows(
                text.name(),
                Digest.of(identity).sha256(),
                cutter.vocabulary(),
                length,
                tokens,
                starts(text.name(), tokens.length, step),
                bos == Bos.EACH ? first : -1,
                () -> Domains.of(text, cutter, before, tokens.length - before));
    }

    private static int beginning(Tokenizer tokenizer) throws IOException {
        return tokenizer
                .beginning()
                .orElseThrow(() -> new IOException("the model's tokenizer has no beginning token; say 'bos: none'"));
    }

    private static int[] tokens(int[] cut, int first) {
        if (first < 0) {
            return cut;
        }
        int[] whole = new int[cut.length + 1];
        whole[0] = first;
        System.arraycopy(cut, 0, whole, 1, cut.length);
        return whole;
    }

    private int[] starts(String name, int tokens, int step) throws IOException {
        int there = at == At.RANDOM ? (tokens < step ? 0 : Integer.MAX_VALUE) : tokens / step;
        int wanted = count.equals(ALL) ? there : Integer.parseInt(count);
        if (there == 0 || wanted > there) {
            throw new IOException(name + " has " + tokens + " tokens, which make " + there + " windows of " + length
                    + (wanted > there ? ", not " + wanted : ""));
        }
        int[] starts = new int[wanted];
        for (int i = 0; i < wanted; i++) {
            starts[i] = at == At.RANDOM ? random(i).nextInt(tokens - step + 1) : i * step;
        }
        return starts;
    }

    private RandomGenerator random(int window) {
        return Rng.of(seed, "windows", window);
    }
}
