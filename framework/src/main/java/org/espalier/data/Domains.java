package org.espalier.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.data.text.Tokenizer;

/**
 * Which kinds of text a sequence of tokens runs through: document {@code i} is of {@code kinds.get(i)} and ends before token
 * {@code ends[i]}.
 */
public record Domains(List<String> kinds, int[] ends) {
    /** For sequences of which nothing is known. */
    public static final Domains NONE = new Domains(List.of(), new int[0]);

    public Domains {
        kinds = List.copyOf(kinds);
        if (kinds.size() != ends.length) {
            throw new IllegalArgumentException(kinds.size() + " kinds, but " + ends.length + " ends");
        }
    }

    /**
     * Where the documents of a text lie in its tokens. The text was cut as a whole, and a word may reach over the joint of two documents,
     * so ends are found by cutting document by document and, if that gives another number of tokens, stretching to the true one: right
     * to within a token or two.
     *
     * @param before tokens that stand before the text
     * @param tokens those of the text itself
     */
    public static Domains of(Text text, Tokenizer tokenizer, int before, int tokens) {
        List<String> kinds = new ArrayList<>();
        List<Long> sums = new ArrayList<>();
        long sum = 0;
        for (Text.Document document : text.documents()) {
            boolean last = kinds.size() == text.documents().size() - 1;
            sum += tokenizer.encode(document.text() + (last ? "" : text.separator())).length;
            kinds.add(document.domain());
            sums.add(sum);
        }
        int[] ends = new int[kinds.size()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = before + (int) Math.round(sums.get(i) * (double) tokens / Math.max(1, sum));
        }
        return new Domains(kinds, ends);
    }

    /** The kind of which most of these tokens are, of two with as many the first; empty where nothing is known. */
    public String most(int first, int count) {
        Map<String, Integer> tokens = new LinkedHashMap<>();
        int at = first;
        for (int i = after(first); i < ends.length && at < first + count; i++) {
            int end = Math.min(ends[i], first + count);
            tokens.merge(kinds.get(i), end - at, Integer::sum);
            at = end;
        }
        String most = "";
        int highest = 0;
        for (var kind : tokens.entrySet()) {
            if (kind.getValue() > highest) {
                most = kind.getKey();
                highest = kind.getValue();
            }
        }
        return most;
    }

    /** The document that has token {@code first}. */
    private int after(int first) {
        int low = 0, high = ends.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ends[middle] <= first) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
