package org.espalier.data.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.espalier.data.file.Digest;

/**
 * A byte-level byte-pair vocabulary: text is cut into words, and the bytes of a word are joined in the order in which the
 * merges were learnt. Sennrich, Haddow, Birch (2016); Radford et al., GPT-2 (2019).
 */
public final class BytePairTokenizer implements Tokenizer {
    private static final int MOST_CACHED = 200_000;

    /**
     * What decides how text is cut.
     *
     * @param pieces the text of every token by its id, spelt in {@link ByteAlphabet}; special tokens as they are
     * @param merges pairs of pieces, the first to be joined first
     * @param words how text is cut into words
     * @param special ids of tokens that are found in the text as a whole
     */
    public record Vocabulary(
            List<String> pieces,
            List<Merge> merges,
            WordPattern words,
            List<Integer> special,
            OptionalInt beginning,
            OptionalInt end) {
        public Vocabulary {
            pieces = List.copyOf(pieces);
            merges = List.copyOf(merges);
            special = List.copyOf(special);
        }
    }

    /** Two pieces that are joined to one. */
    public record Merge(String left, String right) {}

    private final Vocabulary vocabulary;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<Long, Long> merges = new HashMap<>();
    private final SpecialTokens special;
    private final int[] ofByte = new int[256];
    private final Map<String, int[]> cache = new ConcurrentHashMap<>();

    /** @throws IllegalArgumentException if a byte has no token, or a merge no result */
    public BytePairTokenizer(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        List<String> pieces = vocabulary.pieces();
        for (int id = 0; id < pieces.size(); id++) {
            ids.putIfAbsent(pieces.get(id), id);
        }
        for (int b = 0; b < 256; b++) {
            ofByte[b] = idOf(String.valueOf(ByteAlphabet.character(b)));
        }
        for (int rank = 0; rank < vocabulary.merges().size(); rank++) {
            Merge merge = vocabulary.merges().get(rank);
            int joined = idOf(merge.left + merge.right);
            merges.putIfAbsent(pair(idOf(merge.left), idOf(merge.right)), Merging.packed(rank, joined));
        }
        Map<String, Integer> whole = new LinkedHashMap<>();
        vocabulary.special().forEach(id -> whole.put(pieces.get(id), id));
        special = new SpecialTokens(whole);
    }

    private int idOf(String piece) {
        Integer id = ids.get(piece);
        if (id == null) {
            throw new IllegalArgumentException("the vocabulary has no token '" + piece + "'");
        }
        return id;
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    /** What it was made of. */
    public Vocabulary pieces() {
        return vocabulary;
    }

    @Override
    public int vocabulary() {
        return vocabulary.pieces().size();
    }

    @Override
    public int[] encode(String text) {
        IntStream.Builder out = IntStream.builder();
        special.split(
                text,
                between -> vocabulary
                        .words()
                        .each(between, word -> Arrays.stream(word(word)).forEach(out)),
                out);
        return out.build().toArray();
    }

    private int[] word(String word) {
        int[] known = cache.get(word);
        if (known == null) {
            known = cut(word);
            if (cache.size() < MOST_CACHED) {
                cache.put(word, known);
            }
        }
        return known;
    }

    private int[] cut(String word) {
        Integer whole = vocabulary.words().wholeFirst() ? ids.get(ByteAlphabet.spell(word)) : null;
        if (whole != null) {
            return new int[] {whole};
        }
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        int[] symbols = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            symbols[i] = ofByte[bytes[i] & 255];
        }
        return Merging.run(symbols, (left, right) -> merges.getOrDefault(pair(left, right), Merging.NONE));
    }

    @Override
    public String decode(int[] tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : tokens) {
            String piece = vocabulary.pieces().get(token);
            if (special.contains(piece)) {
                continue;
            }
            for (int i = 0; i < piece.length(); i++) {
                int b = ByteAlphabet.valueOf(piece.charAt(i));
                if (b >= 0) {
                    bytes.write(b);
                }
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public OptionalInt beginning() {
        return vocabulary.beginning();
    }

    @Override
    public OptionalInt end() {
        return vocabulary.end();
    }

    @Override
    public String digest() {
        List<String> all = new ArrayList<>(vocabulary.pieces());
        vocabulary.merges().forEach(merge -> all.add(merge.left + " " + merge.right));
        all.add(vocabulary.words() + " " + vocabulary.special() + beginning() + end());
        return Digest.of(String.join("\n", all)).sha256();
    }

    @Override
    public Optional<Json> json() {
        return Optional.of(out -> out.write(TokenizerJson.of(vocabulary)));
    }
}
