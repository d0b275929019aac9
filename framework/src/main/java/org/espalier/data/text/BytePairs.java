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
import java.util.TreeMap;
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

    /** A queued pair; its count was right when it was queued. */
    private record Candidate(long count, int left, int right) {}

    private final List<String> pieces = new ArrayList<>(List.of(BEGINNING, END));
    private final List<Merge> merges = new ArrayList<>();
    private final List<int[]> words = new ArrayList<>();
    private final List<Integer> frequency = new ArrayList<>();
    private final Map<Long, Long> counts = new HashMap<>();
    private final Map<Long, Set<Integer>> places = new HashMap<>();
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
        Map<String, Integer> frequencies = new TreeMap<>();
        WordPattern.GPT2.each(text, word -> frequencies.merge(word, 1, Integer::sum));
        frequencies.forEach((word, count) -> {
            words.add(symbols(word, idOfByte));
            frequency.add(count);
        });
        for (int word = 0; word < words.size(); word++) {
            count(word, frequency.get(word));
        }
        counts.forEach((pair, count) -> waiting.add(new Candidate(count, left(pair), right(pair))));
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
        long pair = pair(candidate.left, candidate.right);
        long now = counts.getOrDefault(pair, 0L);
        if (now != candidate.count) {
            if (now > 0) {
                waiting.add(new Candidate(now, candidate.left, candidate.right));
            }
            return;
        }
        String left = pieces.get(candidate.left);
        String right = pieces.get(candidate.right);
        int joined = pieces.size();
        pieces.add(left + right);
        merges.add(new Merge(left, right));
        Set<Long> changed = new HashSet<>();
        for (int word : places.remove(pair)) {
            count(word, -frequency.get(word));
            int[] shorter = joined(words.get(word), candidate.left, candidate.right, joined);
            words.set(word, shorter);
            count(word, frequency.get(word));
            for (int i = 0; i + 1 < shorter.length; i++) {
                if (shorter[i] == joined || shorter[i + 1] == joined) {
                    changed.add(pair(shorter[i], shorter[i + 1]));
                }
            }
        }
        for (long fresh : changed) {
            waiting.add(new Candidate(counts.get(fresh), left(fresh), right(fresh)));
        }
    }

    /** Adds a word's pairs to the counts so many times. */
    private void count(int word, int times) {
        int[] symbols = words.get(word);
        for (int i = 0; i + 1 < symbols.length; i++) {
            long pair = pair(symbols[i], symbols[i + 1]);
            counts.merge(pair, (long) times, Long::sum);
            if (times > 0) {
                places.computeIfAbsent(pair, none -> new HashSet<>()).add(word);
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

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    private static int left(long pair) {
        return (int) (pair >>> 32);
    }

    private static int right(long pair) {
        return (int) pair;
    }
}
