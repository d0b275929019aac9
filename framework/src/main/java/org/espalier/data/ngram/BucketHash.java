package org.espalier.data.ngram;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.espalier.launch.Sha256Lanes;

/** The bucket of an n-gram: the SHA-256 of its UTF-8 bytes as a big-endian number, modulo the number of buckets. */
public final class BucketHash {
    private static final int WORDS = 8;
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** N-grams that are best hashed together. */
    static final int AT_ONCE = Sha256Lanes.LANES;

    /** How far past an n-gram's end its array must reach. */
    static final int MARGIN = Sha256Lanes.MARGIN;

    /** So many are hashed one by one first: vectors are slow until the compiler has seen to them, which few do not repay. */
    private static final int FEW = Sha256Lanes.FIT ? 1 << 16 : Integer.MAX_VALUE;

    private final Sha256Lanes lanes = new Sha256Lanes();
    private final int[] together = new int[AT_ONCE];
    private int alone;

    private final MessageDigest sha256;
    private final byte[] digest = new byte[4 * WORDS];
    private final int buckets;

    /** 2^64 over the number of buckets, as an unsigned number: a product with it is faster than a division. */
    private final long reciprocal;

    /** 2^(32·i) modulo the number of buckets, for the digest's words; at most 2^24, so that the sum of products fits a long. */
    private final long[] powers = new long[WORDS];

    public BucketHash(int buckets) {
        this.buckets = buckets;
        this.reciprocal = Long.divideUnsigned(-1, buckets);
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        powers[WORDS - 1] = 1 % buckets;
        for (int i = WORDS - 2; i >= 0; i--) {
            powers[i] = (powers[i + 1] << 32) % buckets;
        }
    }

    /** The bucket of an n-gram whose tokens are joined by spaces. */
    public int of(String ngram) {
        byte[] bytes = ngram.getBytes(StandardCharsets.UTF_8);
        return of(bytes, 0, bytes.length);
    }

    int of(byte[] bytes, int from, int count) {
        sha256.update(bytes, from, count);
        try {
            sha256.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new IllegalStateException("32 bytes hold a SHA-256", e);
        }
        long sum = 0;
        for (int i = 0; i < WORDS; i += 2) {
            long two = (long) EIGHT.get(digest, Integer.BYTES * i);
            sum += powers[i] * (two >>> 32) + powers[i + 1] * (two & 0xFFFFFFFFL);
        }
        return bucket(sum);
    }

    /** The sum modulo the number of buckets; the quotient may come out smaller by one. */
    private int bucket(long sum) {
        int rest = (int) (sum - Math.unsignedMultiplyHigh(sum, reciprocal) * buckets);
        return rest < buckets ? rest : rest - buckets;
    }

    /** Puts an n-gram, whose array goes on for {@link #MARGIN} bytes, among those that are hashed together. */
    void put(int place, byte[] bytes, int from, int count) {
        if (count > Sha256Lanes.LONGEST || alone < FEW) {
            alone = Math.min(alone + 1, FEW);
            together[place] = of(bytes, from, count);
        } else {
            together[place] = -1;
            lanes.put(place, bytes, from, count);
        }
    }

    /** Hashes the first {@code count} of them. */
    void hash(int count) {
        boolean hashed = false;
        for (int place = 0; place < count; place++) {
            if (together[place] >= 0) {
                continue;
            }
            if (!hashed) {
                lanes.hash();
                hashed = true;
            }
            long sum = 0;
            for (int i = 0; i < WORDS; i++) {
                sum += powers[i] * Integer.toUnsignedLong(lanes.word(place, i));
            }
            together[place] = bucket(sum);
        }
    }

    /** The bucket of one of them. */
    int bucket(int place) {
        return together[place];
    }
}
