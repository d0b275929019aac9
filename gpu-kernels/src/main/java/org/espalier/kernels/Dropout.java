package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Leaves out elements at random. Which, follows from numbers alone, so nothing has to be remembered for the way back. */
public final class Dropout {
    private Dropout() {}

    /**
     * y = x / (1 − share) for elements that stay and 0 for those that are left out, each with probability {@code share}; the gradient
     * is the same function of dy.
     *
     * @param turn (1): another number, others are left out
     * @param salt another number for every tensor
     * @param keep 1 to add to y, 0 to overwrite it
     */
    public static void apply(float[] y, float[] x, int[] turn, int salt, float share, int keep, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            // The last steps of MurmurHash3 (Appleby, 2011) after each number that goes in: every bit moves half of
            // those that come out.
            int h = turn[0] * 0x9E3779B1;
            h = (h ^ (h >> 16 & 0xFFFF)) * 0x85EBCA6B;
            h = ((h ^ (h >> 13 & 0x7FFFF)) * 0xC2B2AE35) + salt;
            h = (h ^ (h >> 16 & 0xFFFF)) * 0x85EBCA6B;
            h = ((h ^ (h >> 13 & 0x7FFFF)) * 0xC2B2AE35) + e;
            h = (h ^ (h >> 16 & 0xFFFF)) * 0x85EBCA6B;
            h = (h ^ (h >> 13 & 0x7FFFF)) * 0xC2B2AE35;
            h = h ^ (h >> 16 & 0xFFFF);
            float before = keep == 1 ? y[e] : 0f;
            float even = (h >> 8 & 0xFFFFFF) * 5.9604645E-8f; // in [0, 1)
            y[e] = before + (even < share ? 0f : x[e] / (1f - share));
        }
    }
}
