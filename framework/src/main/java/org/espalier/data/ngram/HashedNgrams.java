package org.espalier.data.ngram;

import java.util.Arrays;

/**
 * The buckets of a document's n-grams, of all orders up to {@code n}: first those of single tokens, then of pairs, and so on, each
 * in the order of the text. Not safe for threads: each has its own; what was hashed they may remember together.
 *
 * <p>Source: Xie et al., "Data Selection for Language Models via Importance Resampling", 2023, as its authors' package
 * data-selection 1.0.3 counts them: text in lower case, tokens by {@code \w+|[^\w\s]+}, an n-gram's tokens joined by one space.
 */
public final class HashedNgrams {
    /** Beyond this the vector of counts would not be worth its memory. */
    public static final int MOST_BUCKETS = 1 << 24;

    public static final int MOST_ORDER = 16;

    private final int order;
    private final Tokens tokens;
    private final BucketHash hash;
    private final NgramMemory memory;

    /** What is remembered at present, and the parts of it: replaced by another when it is full. */
    private NgramMemory.Known known;

    private TokenTable table;

    /** Or null where there are too many buckets for it. */
    private PairCache pairs;

    /** For n-grams of so many tokens that are no pairs in {@link #pairs}: by the numbers that tokens have in {@link #known}. */
    private final GramCache[] caches;

    private final LowerCase scratch = new LowerCase();
    private int[] ids = new int[1 << 12];
    private int[] missing = new int[1 << 12];
    private byte[] joined = new byte[1 << 10];

    /** Where the n-gram stands that was joined last. */
    private byte[] whole;

    private int from;
    private int length;

    private int[] buckets = new int[1 << 16];
    private int size;

    /**
     * @param order the longest n-grams, at least 1
     * @param buckets number of buckets, at least 1
     * @param rule what makes words
     */
    public HashedNgrams(int order, int buckets, WordRule rule) {
        this(order, buckets, rule, new NgramMemory(buckets));
    }

    /** @param memory for n-grams in as many buckets; several may share it, whatever their orders, rules and threads */
    public HashedNgrams(int order, int buckets, WordRule rule, NgramMemory memory) {
        check(order, buckets);
        this.order = order;
        this.tokens = new Tokens(rule);
        this.hash = new BucketHash(buckets);
        this.memory = memory;
        know(memory.now());
        this.caches = new GramCache[order + 1];
        for (int n = firstCached(); n <= order; n++) {
            caches[n] = new GramCache(n);
        }
    }

    private int firstCached() {
        return pairs == null ? 2 : 3;
    }

    /** @throws IllegalArgumentException where there can be no such n-grams */
    public static void check(int order, int buckets) {
        if (order < 1 || order > MOST_ORDER) {
            throw new IllegalArgumentException("n-grams have 1 to " + MOST_ORDER + " tokens, not " + order);
        }
        if (buckets < 1 || buckets > MOST_BUCKETS) {
            throw new IllegalArgumentException("there may be 1 to " + MOST_BUCKETS + " buckets, not " + buckets);
        }
    }

    /**
     * Tokens of a document with {@code ngrams} n-grams, as the package estimates them: their true number where there are at least
     * {@code order - 1}.
     */
    public static int length(long ngrams, int order) {
        return (int) ((ngrams + (long) order * (order - 1) / 2) / order);
    }

    /** Forgets the buckets of the documents so far. */
    public void clear() {
        size = 0;
    }

    /** The buckets of the documents so far, one after the other. */
    public int[] buckets() {
        return Arrays.copyOf(buckets, size);
    }

    /** The same without copying them: the first {@link #size()} of this array are theirs until more are added. */
    public int[] held() {
        return buckets;
    }

    /** N-grams of the documents so far. */
    public int size() {
        return size;
    }

    /** The buckets of one text. */
    public int[] of(CharSequence document) {
        clear();
        scratch.clear();
        scratch.add(document);
        scratch.end();
        add(scratch);
        return buckets();
    }

    /** Adds the n-grams of a document and returns their number. */
    public int add(LowerCase document) {
        int before = size;
        tokens.cut(document);
        reserve(Math.multiplyExact(tokens.count(), order));
        remember();
        identify();
        for (int n = 2; n <= order; n++) {
            if (table.full()) {
                hashAll(n); // some token has no number: once in a hundred thousand new ones
            } else if (n < firstCached()) {
                pair();
            } else {
                addAll(n);
            }
        }
        return size - before;
    }

    private void reserve(int more) {
        if (more > buckets.length - size) {
            buckets = Arrays.copyOf(buckets, Math.max(Math.addExact(size, more), (int) Math.min(2L * size, 1 << 30)));
        }
        if (tokens.count() > ids.length) {
            ids = new int[2 * tokens.count()];
            missing = new int[2 * tokens.count()];
        }
    }

    /** Sees to it that there is room for new tokens. */
    private void remember() {
        NgramMemory.Known latest = table.full() ? memory.after(known) : memory.now();
        if (latest != known) {
            know(latest);
            for (int n = firstCached(); n <= order; n++) {
                caches[n].clear();
            }
        }
    }

    private void know(NgramMemory.Known latest) {
        known = latest;
        table = latest.tokens();
        pairs = latest.pairs();
    }

    /** Finds the number of each token, and adds their buckets: looks all of them up first, and then for longer in what it missed. */
    private void identify() {
        byte[] text = tokens.text();
        int unknown = table.find(tokens, ids, buckets, size, missing);
        for (int i = 0; i < unknown; i++) {
            int token = missing[i];
            int start = tokens.start(token);
            int length = tokens.end(token) - start;
            long entry = length <= Long.BYTES ? entry(text, start, length) : longEntry(text, start, length);
            ids[token] = TokenTable.id(entry);
            buckets[size + token] = TokenTable.bucket(entry);
        }
        size += tokens.count();
    }

    private long entry(byte[] text, int start, int length) {
        long key = TokenTable.key(text, start, length);
        long entry = table.find(key, length);
        return entry != TokenTable.NONE ? entry : table.add(key, length, hash.of(text, start, length));
    }

    private long longEntry(byte[] text, int start, int length) {
        long entry = table.find(text, start, length);
        return entry != TokenTable.NONE ? entry : table.add(text, start, length, hash.of(text, start, length));
    }

    /** Adds the buckets of all pairs: looks all of them up first, and then hashes what was not known. */
    private void pair() {
        int unknown = pairs.find(ids, tokens.count(), buckets, size, missing);
        for (int i = 0; i < unknown; i += BucketHash.AT_ONCE) {
            int group = Math.min(BucketHash.AT_ONCE, unknown - i);
            for (int place = 0; place < group; place++) {
                put(place, missing[i + place]);
            }
            hash.hash(group);
            for (int place = 0; place < group; place++) {
                int first = missing[i + place];
                buckets[size + first] = hash.bucket(place);
                pairs.put(ids[first], ids[first + 1], hash.bucket(place));
            }
        }
        size += Math.max(0, tokens.count() - 1);
    }

    /** Puts a pair among what is hashed together. */
    private void put(int place, int first) {
        if (tokens.areApartByOneSpace(first, first + 1)) { // most are
            int start = tokens.start(first);
            hash.put(place, tokens.text(), start, tokens.end(first + 1) - start);
            return;
        }
        join(first, 2);
        hash.put(place, whole, from, length);
    }

    /** Adds the buckets of all n-grams of {@code n} tokens, two or more. */
    private void addAll(int n) {
        GramCache cache = caches[n];
        for (int first = 0; first + n <= tokens.count(); first++) {
            int slot = cache.slot(ids, first);
            int bucket = cache.bucket(slot, ids, first);
            if (bucket < 0) {
                bucket = hash(first, n);
                cache.put(slot, ids, first, bucket);
            }
            buckets[size++] = bucket;
        }
    }

    private void hashAll(int n) {
        for (int first = 0; first + n <= tokens.count(); first++) {
            buckets[size++] = hash(first, n);
        }
    }

    private int hash(int first, int n) {
        join(first, n);
        return hash.of(whole, from, length);
    }

    /** Finds where an n-gram stands in one piece, or puts it together. */
    private void join(int first, int n) {
        int last = first + n - 1;
        length = tokens.end(last) - tokens.start(first);
        if (tokens.areApartByOneSpace(first, last)) { // as they are joined
            whole = tokens.text();
            from = tokens.start(first);
            return;
        }
        if (length + n + BucketHash.MARGIN > joined.length) {
            joined = new byte[2 * (length + n) + BucketHash.MARGIN];
        }
        int at = 0;
        for (int i = first; i <= last; i++) {
            int count = tokens.end(i) - tokens.start(i);
            System.arraycopy(tokens.text(), tokens.start(i), joined, at, count);
            at += count;
            joined[at++] = ' ';
        }
        whole = joined;
        from = 0;
        length = at - 1;
    }
}
