package org.espalier.data.text;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Tokens that are found in a text as a whole, before anything else is cut: the leftmost first, of these the longest. */
final class SpecialTokens {
    private final Map<String, Integer> ids;

    /** For each first character the lengths that tokens have, longest first. */
    private final Map<Character, int[]> lengths = new HashMap<>();

    SpecialTokens(Map<String, Integer> ids) {
        this.ids = Map.copyOf(ids);
        Map<Character, TreeSet<Integer>> found = new HashMap<>();
        for (String token : ids.keySet()) {
            if (token.isEmpty()) {
                throw new IllegalArgumentException("a special token is empty");
            }
            found.computeIfAbsent(token.charAt(0), first -> new TreeSet<>(Comparator.reverseOrder()))
                    .add(token.length());
        }
        found.forEach((first, all) ->
                lengths.put(first, all.stream().mapToInt(Integer::intValue).toArray()));
    }

    /** Whether {@code token} is one of them. */
    boolean contains(String token) {
        return ids.containsKey(token);
    }

    /** Hands over what lies between special tokens, never empty, and their ids, in the order of the text. */
    void split(String text, Consumer<String> between, IntConsumer special) {
        int done = 0;
        int at = 0;
        while (at < text.length()) {
            int length = lengthAt(text, at);
            if (length == 0) {
                at++;
                continue;
            }
            if (done < at) {
                between.accept(text.substring(done, at));
            }
            special.accept(ids.get(text.substring(at, at + length)));
            at += length;
            done = at;
        }
        if (done < text.length()) {
            between.accept(text.substring(done));
        }
    }

    private int lengthAt(String text, int at) {
        int[] candidates = lengths.get(text.charAt(at));
        if (candidates != null) {
            for (int length : candidates) {
                if (at + length <= text.length() && ids.containsKey(text.substring(at, at + length))) {
                    return length;
                }
            }
        }
        return 0;
    }
}
