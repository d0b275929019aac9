package org.espalier.prune;

import org.espalier.engine.LinAlg;

/**
 * The upper triangle U (n, n) with H⁻¹ = Uᵀ · U, where H is a Gram matrix with {@code damping} times the mean of its diagonal added
 * to the diagonal. 1/U_jj² is what zeroing weight {@code j} costs, per squared weight, once the columns to its left are settled
 * (Frantar and Alistarh, SparseGPT, 2023).
 *
 * @param factor U, row by row
 * @param dead columns whose input is always zero
 */
public record Curvature(int size, float[] factor, boolean[] dead) {
    /**
     * Factorises a Gram matrix.
     *
     * @throws IllegalArgumentException if it is not positive definite in spite of the damping
     */
    public static Curvature of(float[] gram, double damping) {
        int n = (int) Math.round(Math.sqrt(gram.length));
        boolean[] dead = new boolean[n];
        double trace = 0;
        for (int i = 0; i < n; i++) {
            dead[i] = gram[i * n + i] == 0f;
            trace += dead[i] ? 1 : gram[i * n + i];
        }
        double added = damping * trace / n;
        // H = A · Aᵀ with A an upper triangle gives H⁻¹ = A⁻ᵀ · A⁻¹, so U = A⁻¹. Read from its last row and column
        // backwards, A is
        // the lower triangle L of H read backwards: one factorisation and one inverse of a triangle.
        double[] backwards = new double[n * n];
        for (int r = 0; r < n; r++)
            for (int c = 0; c <= r; c++) backwards[r * n + c] = gram[(n - 1 - r) * n + n - 1 - c];
        for (int r = 0; r < n; r++) backwards[r * n + r] = (dead[n - 1 - r] ? 1 : backwards[r * n + r]) + added;
        double[] inverse = inverted(LinAlg.cholesky(backwards, n), n);
        float[] factor = new float[n * n];
        for (int r = 0; r < n; r++)
            for (int c = 0; c <= r; c++) factor[(n - 1 - r) * n + n - 1 - c] = (float) inverse[r * n + c];
        return new Curvature(n, factor, dead);
    }

    /** U_jj. */
    public float diagonal(int j) {
        return factor[j * size + j];
    }

    /** The inverse of a lower triangle, built row by row from the rows above it. */
    private static double[] inverted(double[] lower, int n) {
        double[] inverse = new double[n * n];
        for (int r = 0; r < n; r++) {
            int row = r * n;
            for (int k = 0; k < r; k++) {
                double factor = lower[row + k];
                if (factor == 0) continue;
                int above = k * n;
                for (int c = 0; c <= k; c++) inverse[row + c] -= factor * inverse[above + c];
            }
            double scale = 1 / lower[row + r];
            for (int c = 0; c < r; c++) inverse[row + c] *= scale;
            inverse[row + r] = scale;
        }
        return inverse;
    }
}
