package org.espalier.data.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.espalier.data.file.Digest;

/**
 * A SentencePiece vocabulary whose pieces are joined by score, as in Llama and Gemma: spaces become {@code ▁}, then the
 * neighbours whose join has the highest score are joined first, the leftmost of equal ones. A character that ends up as
 * no piece falls back to its bytes, else to the unknown token. Kudo, Richardson, SentencePiece (2018).
 */
public final class PieceTokenizer implements Tokenizer {
    private static final char SPACE = '▁';
    private static final int MOST_CACHED = 200_000;

    /** What kind of token a piece is. */
    public enum Kind {
        NORMAL,
        UNKNOWN,
        /** Stands for no text; spelt out in a text it is found as a whole. */
        CONTROL,
        /** Found in the text as a whole, before anything is joined. */
        USER_DEFINED,
        UNUSED,
        /** One byte, spelt {@code <0x0A>}. */
        BYTE
    }

    /** A token. */
    public record Piece(String text, float score, Kind kind) {}

    /**
     * What decides how text is cut.
     *
     * @param spaceFirst whether a text, and what follows a control token, begins with a space that is not written
     * @param begins whether those who read the vocabulary are to put the beginning token before a text; nothing here does
     */
    public record Vocabulary(
            List<Piece> pieces, boolean spaceFirst, OptionalInt beginning, OptionalInt end, boolean begins) {
        public Vocabulary {
            pieces = List.copyOf(pieces);
        }

        /** One whose beginning token, if it has one, stands before every text. */
        public Vocabulary(List<Piece> pieces, boolean spaceFirst, OptionalInt beginning, OptionalInt end) {
            this(pieces, spaceFirst, beginning, end, beginning.isPresent());
        }
    }

    private final Vocabulary vocabulary;
    private final List<Piece> pieces;
    private final Map<String, Integer> ids = new HashMap<>();
    private final int[] ofByte = new int[256];
    private final int[] byteOf;
    private final int[] rank;
    private final OptionalInt unknown;
    private final SpecialTokens special;

    /** Characters that stand before a space inside some piece; a text may be cut before a space after any other. */
    private final Set<Integer> beforeSpace = new HashSet<>();

    private final Map<String, int[]> cache = new ConcurrentHashMap<>();

    /** @throws IllegalArgumentException if a text could come to a character for which there is no token */
    public PieceTokenizer(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        this.pieces = vocabulary.pieces();
        this.byteOf = new int[pieces.size()];
        Arrays.fill(ofByte, -1);
        Arrays.fill(byteOf, -1);
        Map<String, Integer> whole = new HashMap<>();
        int unk = -1;
        for (int id = 0; id < pieces.size(); id++) {
            Piece piece = pieces.get(id);
            switch (piece.kind) {
                case BYTE -> addByte(id, piece.text);
                case UNKNOWN -> unk = id;
                case CONTROL -> whole.putIfAbsent(piece.text.replace(' ', SPACE), id);
                case USER_DEFINED -> { // files may spell its spaces as spaces
                    whole.putIfAbsent(piece.text.replace(' ', SPACE), id);
                    ids.putIfAbsent(piece.text.replace(' ', SPACE), id);
                }
                case NORMAL, UNUSED -> ids.putIfAbsent(piece.text, id);
            }
            noteSpaces(piece.text);
        }
        whole.remove("");
        special = new SpecialTokens(whole);
        unknown = unk < 0 ? OptionalInt.empty() : OptionalInt.of(unk);
        rank = ranks(pieces);
        if (unk < 0 && Arrays.stream(ofByte).anyMatch(id -> id < 0)) {
            throw new IllegalArgumentException("the vocabulary has neither an unknown token nor one for every byte");
        }
    }

    private void addByte(int id, String text) {
        if (!text.matches("<0x[0-9A-Fa-f]{2}>")) {
            throw new IllegalArgumentException("a byte token is spelt <0x0A>, not '" + text + "'");
        }
        byteOf[id] = Integer.parseInt(text, 3, 5, 16);
        ofByte[byteOf[id]] = id;
    }

    private void noteSpaces(String text) {
        for (int i = text.indexOf(SPACE, 1); i > 0; i = text.indexOf(SPACE, i + 1)) {
            beforeSpace.add(text.codePointBefore(i));
        }
    }

    /** Equal scores have equal ranks, the highest score rank 0. */
    private static int[] ranks(List<Piece> pieces) {
        Integer[] order = new Integer[pieces.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                Comparator.comparing((Integer id) -> pieces.get(id).score).reversed());
        int[] rank = new int[order.length];
        for (int i = 1; i < order.length; i++) {
            boolean equal = pieces.get(order[i]).score == pieces.get(order[i - 1]).score;
            rank[order[i]] = rank[order[i - 1]] + (equal ? 0 : 1);
        }
        return rank;
    }

    @Override
    public int vocabulary() {
        return pieces.size();
    }

    @Override
    public int[] encode(String text) {
        IntStream.Builder out = IntStream.builder();
        boolean[] atStart = {vocabulary.spaceFirst};
        special.split(
                text.replace(' ', SPACE),
                between -> {
                    cutAtSpaces(atStart[0] ? SPACE + between : between, out);
                    atStart[0] = false;
                },
                id -> {
                    out.add(id);
                    atStart[0] = vocabulary.spaceFirst;
                });
        return out.build().toArray();
    }

    /** No join reaches over a cut made here, so that words can be cut one by one, and each only once. */
    private void cutAtSpaces(String text, IntStream.Builder out) {
        int done = 0;
        for (int i = text.indexOf(SPACE, 1); i > 0; i = text.indexOf(SPACE, i + 1)) {
            if (!beforeSpace.contains(text.codePointBefore(i))) {
                add(text.substring(done, i), out);
                done = i;
            }
        }
        if (done < text.length()) {
            add(text.substring(done), out);
        }
    }

    private void add(String word, IntStream.Builder out) {
        int[] known = cache.get(word);
        if (known == null) {
            known = cut(word);
            if (cache.size() < MOST_CACHED && word.length() < 100) {
                cache.put(word, known);
            }
        }
        for (int id : known) {
            out.add(id);
        }
    }

    /** Characters that are no pieces take part as symbols of their own, numbered from the vocabulary's end on. */
    private int[] cut(String word) {
        int[] characters = word.codePoints().toArray();
        int[] symbols = new int[characters.length];
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = ids.getOrDefault(Character.toString(characters[i]), pieces.size() + characters[i]);
        }
        IntStream.Builder out = IntStream.builder();
        for (int symbol : Merging.run(symbols, this::look)) {
            if (symbol < pieces.size()) {
                out.add(symbol);
            } else {
                fallBack(text(symbol), out);
            }
        }
        return out.build().toArray();
    }

    private long look(int left, int right) {
        Integer joined = ids.get(text(left) + text(right));
        return joined == null ? Merging.NONE : Merging.packed(rank[joined], joined);
    }

    private String text(int symbol) {
        return symbol < pieces.size() ? pieces.get(symbol).text : Character.toString(symbol - pieces.size());
    }

    private void fallBack(String character, IntStream.Builder out) {
        for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
            int id = ofByte[b & 255];
            if (id < 0) {
                out.add(unknown.getAsInt());
                return;
            }
            out.add(id);
        }
    }

    @Override
    public String decode(int[] tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : tokens) {
            Piece piece = pieces.get(token);
            if (byteOf[token] >= 0) {
                bytes.write(byteOf[token]);
            } else if (piece.kind != Kind.CONTROL && piece.kind != Kind.UNKNOWN) {
                bytes.writeBytes(piece.text.replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8));
            }
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        return vocabulary.spaceFirst && text.startsWith(" ") ? text.substring(1) : text;
    }

    @Override
    public OptionalInt beginning() {
        return vocabulary.beginning;
    }

    @Override
    public OptionalInt end() {
        return vocabulary.end;
    }

    @Override
    public String digest() {
        List<String> all = new ArrayList<>();
        pieces.forEach(piece -> all.add(piece.text + " " + piece.score + " " + piece.kind));
        all.add(vocabulary.spaceFirst + " " + beginning() + end());
        if (pieces.stream().anyMatch(piece -> piece.kind == Kind.USER_DEFINED && piece.text.contains(" "))) {
            all.add("user-defined tokens are found whose spaces are spelt as spaces"); // they once were not
        }
        return Digest.of(String.join("\n", all)).sha256();
    }

    @Override
    public Optional<Json> json() {
        return PieceJson.of(vocabulary);
    }
}
