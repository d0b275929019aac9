package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Kernels that read one entry of each of several arrays, for no other purpose than that a task graph of TornadoVM takes part in arrays
 * only if one of its tasks names them.
 */
public final class Touch {
    private Touch() {}

    /** Twelve arrays, each with at least one entry; the slice is that of {@code sink} (1). */
    public static void floats(
            float[] sink,
            float[] a,
            float[] b,
            float[] c,
            float[] d,
            float[] e,
            float[] f,
            float[] g,
            float[] h,
            float[] i,
            float[] j,
            float[] k,
            float[] l,
            int first,
            int count) {
        for (@Parallel int n = 0; n < count; n++) {
            sink[first + n] = a[0] + b[0] + c[0] + d[0] + e[0] + f[0] + g[0] + h[0] + i[0] + j[0] + k[0] + l[0];
        }
    }

    /** An array of integers with at least one entry. */
    public static void ints(float[] sink, int[] a, int first, int count) {
        for (@Parallel int n = 0; n < count; n++) sink[first + n] = a[0];
    }
}
