package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Kernels that change a matrix only where another one, a pruned weight, is not zero. */
public final class Masked {
    private Masked() {}

    /** m = w + scale · m where w is not zero, else 0: a pruned weight with a change of it. */
    public static void merge(float[] m, float[] w, float scale, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            m[e] = w[e] == 0f ? 0f : w[e] + scale * m[e];
        }
    }

    /** g = scale · g where w is not zero, else 0. */
    public static void gate(float[] g, float[] w, float scale, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int e = first + i;
            g[e] = w[e] == 0f ? 0f : scale * g[e];
        }
    }
}
