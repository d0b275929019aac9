package org.espalier.select;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A non-negative factorisation S ≈ W·H of a non-negative matrix (n, n), by multiplicative updates (Lee and Seung 2001).
 *
 * @param k columns of W, rows of H
 * @param w (n, k)
 * @param error ‖S − W·H‖ / ‖S‖, Frobenius norms
 */
public record Factors(int k, double[] w, double error) {
    /** Keeps divisors from zero. */
    private static final double TINY = 1e-12;

    /**
     * @param s (n, n), without negative entries
     * @param random draws where the factors start
     */
    public static Factors of(double[] s, int n, int k, int rounds, RandomGenerator random) {
        double mean = 0;
        for (double v : s) mean += v;
        double scale = Math.sqrt(mean / s.length / k);
        double[] w = drawn(n * k, scale, random), ht = drawn(n * k, scale, random);
        for (int round = 0; round < rounds; round++) {
            update(ht, w, transposed(s, n), n, k);
            update(w, ht, s, n, k);
        }
        return new Factors(k, w, error(s, w, ht, n, k));
    }

    /** For each row of S, the column of W in which it is largest, of equal ones the first: its cluster. */
    public int[] clusters() {
        int[] clusters = new int[w.length / k];
        for (int i = 0; i < clusters.length; i++)
            for (int c = 1; c < k; c++) if (w[i * k + c] > w[i * k + clusters[i]]) clusters[i] = c;
        return clusters;
    }

    private static double[] drawn(int size, double scale, RandomGenerator random) {
        double[] drawn = new double[size];
        for (int i = 0; i < size; i++) drawn[i] = scale * (0.1 + random.nextDouble());
        return drawn;
    }

    private static double[] transposed(double[] s, int n) {
        double[] t = new double[s.length];
        for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) t[j * n + i] = s[i * n + j];
        return t;
    }

    /** x ← x ∘ (S·y) / (x·(yᵀ·y)), all of x and y (n, k). */
    private static void update(double[] x, double[] y, double[] s, int n, int k) {
        double[] gram = new double[k * k];
        for (int i = 0; i < n; i++)
            for (int a = 0; a < k; a++) for (int b = 0; b < k; b++) gram[a * k + b] += y[i * k + a] * y[i * k + b];
        double[] above = new double[k], below = new double[k];
        for (int i = 0; i < n; i++) {
            Arrays.fill(above, 0);
            for (int j = 0; j < n; j++) {
                double v = s[i * n + j];
                for (int c = 0; c < k; c++) above[c] += v * y[j * k + c];
            }
            for (int c = 0; c < k; c++) {
                below[c] = TINY;
                for (int d = 0; d < k; d++) below[c] += x[i * k + d] * gram[d * k + c];
            }
            for (int c = 0; c < k; c++) x[i * k + c] *= above[c] / below[c];
        }
    }

    private static double error(double[] s, double[] w, double[] ht, int n, int k) {
        double off = 0, all = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                double v = s[i * n + j], product = 0;
                for (int c = 0; c < k; c++) product += w[i * k + c] * ht[j * k + c];
                off += (v - product) * (v - product);
                all += v * v;
            }
        return all == 0 ? 0 : Math.sqrt(off / all);
    }
}
