package org.espalier.launch;

/**
 * How attention splits a token's features, and which keys a query sees; see {@link org.espalier.kernels.Attend}.
 *
 * @param heads query heads; {@code heads / keyHeads} neighbours share a key head
 * @param keyHeads key and value heads
 * @param dim features of a head
 * @param length tokens of a sequence
 * @param causal whether a query sees no later keys
 * @param window with {@code causal}, how many keys a query sees, itself included; 0: all
 * @param scale what products of queries and keys are multiplied by
 */
public record Heads(int heads, int keyHeads, int dim, int length, boolean causal, int window, float scale) {
    public Heads {
        if (heads < 1 || keyHeads < 1 || dim < 1 || length < 1 || heads % keyHeads != 0)
            throw new IllegalArgumentException(heads + " heads of " + dim + " features cannot share " + keyHeads
                    + " key heads over " + length + " tokens");
        if (window < 0 || window > 0 && !causal)
            throw new IllegalArgumentException("a window of " + window + " needs causal attention");
        if (!(scale > 0)) throw new IllegalArgumentException("scale must be positive, got " + scale);
    }

    /** Features of a token's queries. */
    public int width() {
        return heads * dim;
    }

    /** Features of a token's keys, and of its values. */
    public int keyWidth() {
        return keyHeads * dim;
    }

    /** The key head that a query head reads. */
    int keyHead(int head) {
        return head / (heads / keyHeads);
    }

    /** The first key that query {@code i} sees. */
    int from(int i) {
        return window > 0 ? Math.max(0, i - window + 1) : 0;
    }

    /** One more than the last key that query {@code i} sees. */
    int to(int i) {
        return causal ? i + 1 : length;
    }
}
