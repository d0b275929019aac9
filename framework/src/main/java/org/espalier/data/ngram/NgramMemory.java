package org.espalier.data.ngram;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The tokens and pairs that were hashed before, for all threads together: what one has hashed no other has to, and the caches that
 * they share hold it once. When it is full all of it is forgotten, as each thread comes to its next document.
 */
public final class NgramMemory {
    private final int buckets;
    private final AtomicReference<Known> known;

    /** @param buckets number of buckets that n-grams are hashed into */
    public NgramMemory(int buckets) {
        this.buckets = buckets;
        this.known = new AtomicReference<>(nothing());
    }

    /**
     * What is remembered from one time of forgetting to the next.
     *
     * @param tokens their numbers and buckets
     * @param pairs the buckets of pairs by these numbers; null where there are too many buckets for it
     */
    record Known(TokenTable tokens, PairCache pairs) {}

    private Known nothing() {
        return new Known(new TokenTable(), buckets <= PairCache.MOST_BUCKETS ? new PairCache() : null);
    }

    Known now() {
        return known.get();
    }

    /** What takes the place of something full; whichever thread comes first makes it. */
    Known after(Known full) {
        if (known.get() == full) {
            known.compareAndSet(full, nothing());
        }
        return known.get();
    }
}
