package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Dense products of row-major matrices. The letters say how the two factors are stored: {@code nt} multiplies A by the
 * transpose of a stored B. A slice is a range of rows of C. {@code keep} is 1 to add to C and 0 to overwrite it.
 */
public final class MatMul {
    private MatMul() {}

    /** C (rows, n) = A (rows, k) · B (k, n). */
    public static void nn(float[] c, float[] a, float[] b, int n, int k, int keep, int first, int count) {
        for (@Parallel int r = 0; r < count; r++) {
            for (@Parallel int j = 0; j < n; j++) {
                int row = first + r;
                float sum = 0f;
                for (int i = 0; i < k; i++) sum += a[row * k + i] * b[i * n + j];
                if (keep == 1) sum += c[row * n + j];
                c[row * n + j] = sum;
            }
        }
    }

    /** C (rows, n) = A (rows, k) · Bᵀ with B stored (n, k). */
    public static void nt(float[] c, float[] a, float[] b, int n, int k, int keep, int first, int count) {
        for (@Parallel int r = 0; r < count; r++) {
            for (@Parallel int j = 0; j < n; j++) {
                int row = first + r;
                float sum = 0f;
                for (int i = 0; i < k; i++) sum += a[row * k + i] * b[j * k + i];
                if (keep == 1) sum += c[row * n + j];
                c[row * n + j] = sum;
            }
        }
    }

    /** C (rows, n) = Aᵀ · B with A stored (k, rows) and B (k, n). */
    public static void tn(float[] c, float[] a, float[] b, int rows, int n, int k, int keep, int first, int count) {
        for (@Parallel int r = 0; r < count; r++) {
            for (@Parallel int j = 0; j < n; j++) {
                int row = first + r;
                float sum = 0f;
                for (int i = 0; i < k; i++) sum += a[i * rows + row] * b[i * n + j];
                if (keep == 1) sum += c[row * n + j];
                c[row * n + j] = sum;
            }
        }
    }
}
