package org.espalier.data.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.IntStream;
import org.espalier.data.text.BytePairTokenizer.Merge;

/**
 * Trains a byte-level byte-pair vocabulary: beginning with {@code <bos>}, {@code <eos>} and the 256 bytes, the pair of
 * neighbours that is most frequent inside words becomes a new token, again and again. Of equally frequent pairs the one
 * with the lower first id is joined, then the one with the lower second id, so a text has exactly one vocabulary.
 * Sennrich, Haddow, Birch, Neural Machine Translation of Rare Words with Subword Units (2016), algorithm 1.
 */
public final class BytePairs {
    public static final String BEGINNING = "<bos>";
    public static final String END = "<eos>";
    private static final int SPECIAL = 2;
    private static final int ANY = -1;
    private static final int NONE = -2;

    /** A queued pair; its count was right when it was queued. */
    private record Candidate(long count, int left, int right) {}

    /** Two neighbours: how often they are there, and in which words, some of which may have lost them since. */
    private static final class Pair {
        private long count;
        private int[] words = new int[4];
        private int size;

        void add(int word) {
            if (size == words.length) {
                words = Arrays.copyOf(words, 2 * size);
            }
            words[size++] = word;
        }
    }

    private final List<String> pieces = new ArrayList<>(List.of(BEGINNING, END));
    private final List<Merge> merges = new ArrayList<>();
    private final List<int[]> words = new ArrayList<>();
    private final List<Integer> frequency = new ArrayList<>();
    private final Map<Long, Pair> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> waiting = new PriorityQueue<>(Comparator.comparingLong(Candidate::count)
            .reversed()
            .thenComparingInt(Candidate::left)
            .thenComparingInt(Candidate::right));

    private BytePairs() {}

    /**
     * Trains on {@code text}.
     *
     * @param size number of tokens, at least 258; fewer come out where the text has no more pairs
     */
    public static BytePairTokenizer train(String text, int size) {
        if (size < SPECIAL + 256) {
            throw new IllegalArgumentException(
                    "a vocabulary has the 256 bytes and 2 special tokens, so at least 258 tokens, not " + size);
        }
        return new BytePairs().run(text, size);
    }

    private BytePairTokenizer run(String text, int size) {
        int[] idOfByte = addBytes();
        Map<String, Integer> frequencies = new HashMap<>();
        WordPattern.GPT2.each(text, word -> frequencies.merge(word, 1, Integer::sum));
        frequencies.forEach((word, count) -> {
            words.add(symbols(word, idOfByte));
            frequency.add(count);
        });
        for (int word = 0; word < words.size(); word++) {
            count(word, frequency.get(word), ANY);
        }
        pairs.forEach((key, pair) -> waiting.add(new Candidate(pair.count, left(key), right(key))));
        while (pieces.size() < size && !waiting.isEmpty()) {
            take(waiting.poll());
        }
        return new BytePairTokenizer(new BytePairTokenizer.Vocabulary(
                pieces, merges, WordPattern.GPT2, List.of(0, 1), OptionalInt.of(0), OptionalInt.of(1)));
    }

    /** The bytes in the order of the characters that stand for them. */
    private int[] addBytes() {
        int[] idOfByte = new int[256];
        Integer[] order = IntStream.range(0, 256).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparing(ByteAlphabet::character));
        for (int b : order) {
            idOfByte[b] = pieces.size();
            pieces.add(String.valueOf(ByteAlphabet.character(b)));
        }
        return idOfByte;
    }

    private static int[] symbols(String word, int[] idOfByte) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        int[] symbols = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            symbols[i] = idOfByte[bytes[i] & 255];
        }
        return symbols;
    }

    /** Joins the most frequent pair everywhere, unless its count has changed since it was queued. */
    private void take(Candidate candidate) {
        Pair pair = pairs.get(key(candidate.left, candidate.right));
        if (pair.count != candidate.count) {
            if (pair.count > 0) {
                waiting.add(new Candidate(pair.count, candidate.left, candidate.right));
            }
            return;
        }
        String left = pieces.get(candidate.left);
        String right = pieces.get(candidate.right);
        int joined = pieces.size();
        pieces.add(left + right);
        merges.add(new Merge(left, right));
        Set<Long> fresh = new HashSet<>();
        for (int i = 0; i < pair.size; i++) {
            rewrite(pair.words[i], candidate, joined, fresh);
        }
        for (long key : fresh) {
            waiting.add(new Candidate(pairs.get(key).count, left(key), right(key)));
        }
    }

    /** Joins the pair in one word, and notes which pairs that makes. */
    private void rewrite(int word, Candidate candidate, int joined, Set<Long> fresh) {
        int[] symbols = words.get(word);
        int[] shorter = joined(symbols, candidate.left, candidate.right, joined);
        if (shorter.length == symbols.length) {
            return;
        }
        count(word, -frequency.get(word), NONE);
        words.set(word, shorter);
        count(word, frequency.get(word), joined);
        for (int i = 0; i + 1 < shorter.length; i++) {
            if (shorter[i] == joined || shorter[i + 1] == joined) {
                fresh.add(key(shorter[i], shorter[i + 1]));
            }
        }
    }

    /**
     * Adds a word's pairs to the counts so many times.
     *
     * @param placed the word is noted as a place of pairs with this symbol, of {@link #ANY} or of {@link #NONE}
     */
    private void count(int word, int times, int placed) {
        int[] symbols = words.get(word);
        for (int i = 0; i + 1 < symbols.length; i++) {
            Pair pair = pairs.computeIfAbsent(key(symbols[i], symbols[i + 1]), none -> new Pair());
            pair.count += times;
            if (placed == ANY || symbols[i] == placed || symbols[i + 1] == placed) {
                pair.add(word);
            }
        }
    }

    private static int[] joined(int[] symbols, int left, int right, int joined) {
        int[] shorter = new int[symbols.length];
        int length = 0;
        for (int i = 0; i < symbols.length; i++) {
            boolean here = i + 1 < symbols.length && symbols[i] == left && symbols[i + 1] == right;
            shorter[length++] = here ? joined : symbols[i];
            i += here ? 1 : 0;
        }
        return Arrays.copyOf(shorter, length);
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }

    private static int left(long key) {
        return (int) (key >>> 32);
    }

    private static int right(long key) {
        return (int) key;
    }
}
