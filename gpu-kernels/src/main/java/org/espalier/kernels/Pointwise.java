package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Kernels that treat each element alone. {@code keep} is 1 to add to the output and 0 to overwrite it. */
public final class Pointwise {
    private Pointwise() {}

    /** y = max(x, 0). */
    public static void relu(float[] y, float[] x, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            y[e] = x[e] <= 0f ? 0f : x[e];
        }
    }

    /** dx = dy where y > 0. */
    public static void reluGrad(float[] dx, float[] dy, float[] y, int keep, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            float before = keep == 1 ? dx[e] : 0f;
            dx[e] = before + (y[e] > 0f ? dy[e] : 0f);
        }
    }

    /** y = a + b. */
    public static void add(float[] y, float[] a, float[] b, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            y[e] = a[e] + b[e];
        }
    }

    /** y = x, or y += x. */
    public static void copy(float[] y, float[] x, int keep, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            float before = keep == 1 ? y[e] : 0f;
            y[e] = before + x[e];
        }
    }

    /** y = factor · x, or y += factor · x. */
    public static void scale(float[] y, float[] x, float factor, int keep, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            float before = keep == 1 ? y[e] : 0f;
            y[e] = before + factor * x[e];
        }
    }

    /** y stays where an entry's bit is set in {@code kept}, and becomes exactly zero elsewhere: bit e % 32 of word e / 32. */
    public static void mask(float[] y, int[] kept, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            y[e] = ((kept[e >> 5] >> (e & 31)) & 1) == 0 ? 0f : y[e];
        }
    }

    /** y (columns, rows) = x (rows, columns)ᵀ, or y += xᵀ; the slice runs over rows of y. */
    public static void transpose(float[] y, float[] x, int rows, int columns, int keep, int first, int count) {
        for (@Parallel int c = 0; c < count; c++) {
            for (@Parallel int r = 0; r < rows; r++) {
                int column = first + c;
                float before = keep == 1 ? y[column * rows + r] : 0f;
                y[column * rows + r] = before + x[r * columns + column];
            }
        }
    }

    /** y[i] = x[offset + i]; the slice runs over i. */
    public static void copyFrom(float[] y, float[] x, int offset, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) y[first + i] = x[offset + first + i];
    }
}
