package org.espalier.data.ngram;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The bucket of an n-gram: the SHA-256 of its UTF-8 bytes as a big-endian number, modulo the number of buckets. */
public final class BucketHash {
    private static final int WORDS = 8;
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final MessageDigest sha256;
    private final byte[] digest = new byte[4 * WORDS];
    private final int buckets;

    /** 2^(32·i) modulo the number of buckets, for the digest's words; at most 2^24, so that the sum of products fits a long. */
    private final long[] powers = new long[WORDS];

    public BucketHash(int buckets) {
        this.buckets = buckets;
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
        return (int) (sum % buckets);
    }
}
