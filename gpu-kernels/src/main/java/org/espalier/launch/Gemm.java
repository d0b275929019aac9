package org.espalier.launch;

import org.espalier.kernels.MatMul;

/** Launches of dense products, with OpenBLAS and {@link Panels} underneath on the CPU, {@link ManyZeros} where B is mostly zeros. Matrices are row-major. */
public final class Gemm {
    /**
     * Operations of one slice: enough to make OpenBLAS's packing pay (a product of 300×784×64 in 4 slices takes 1.16 times
     * as long as in one, in 8 slices 1.3 times), few enough to share a LeNet layer.
     */
    private static final long SLICE_WORK = 7_500_000;

    /** Operations that are worth a second thread. */
    private static final long SHARED_WORK = 3_000_000;

    /** Rows of a slice: OpenBLAS copies the whole second factor for each slice, which has to pay. */
    private static final int FEWEST_ROWS = 48;

    /**
     * The same for products above {@link #LARGE_WORK}, where every slice packs the whole of B again: 2048×688×256 runs at 94
     * GFLOP/s a core in 4 slices and at 84 in 10 (Zen 4).
     */
    private static final int FEWEST_ROWS_OF_LARGE = 384;

    private static final long LARGE_WORK = 100_000_000;

    private Gemm() {}

    /** C (m, n) = A (m, k) · B (k, n), added to C if {@code keep}. */
    public static Launch nn(String name, float[] c, float[] a, float[] b, int m, int n, int k, boolean keep) {
        return cut(Launch.of(name, m, MatMul::nn, c, a, b, n, k, keep ? 1 : 0), n, k)
                .withHost((first, count) -> {
                    if (ManyZeros.nn(count, n, k, a, first * k, b, keep, c, first * n)) return;
                    product(false, false, count, n, k, a, first * k, k, b, 0, n, keep, c, first * n, n);
                });
    }

    /** C (m, n) = A (m, k) · Bᵀ with B stored (n, k), added to C if {@code keep}. */
    public static Launch nt(String name, float[] c, float[] a, float[] b, int m, int n, int k, boolean keep) {
        return cut(Launch.of(name, m, MatMul::nt, c, a, b, n, k, keep ? 1 : 0), n, k)
                .withHost((first, count) -> {
                    if (ManyZeros.nt(count, n, k, a, first * k, b, keep, c, first * n)) return;
                    product(false, true, count, n, k, a, first * k, k, b, 0, k, keep, c, first * n, n);
                });
    }

    /** C (m, n) = Aᵀ · B with A stored (k, m) and B (k, n), added to C if {@code keep}. */
    public static Launch tn(String name, float[] c, float[] a, float[] b, int m, int n, int k, boolean keep) {
        return cut(Launch.of(name, m, MatMul::tn, c, a, b, m, n, k, keep ? 1 : 0), n, k)
                .withHost((first, count) ->
                        product(true, false, count, n, k, a, first, m, b, 0, n, keep, c, first * n, n));
    }

    /** {@link Blas#product}, added to C if {@code keep}, by the faster of two ways: which one it is follows from the sizes alone. */
    static void product(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float[] a,
            int aFirst,
            int aStride,
            float[] b,
            int bFirst,
            int bStride,
            boolean keep,
            float[] c,
            int cFirst,
            int cStride) {
        if (Panels.suit(m, n, k))
            Panels.product(
                    transposeA, transposeB, m, n, k, a, aFirst, aStride, b, bFirst, bStride, keep, c, cFirst, cStride);
        else
            Blas.product(
                    transposeA,
                    transposeB,
                    m,
                    n,
                    k,
                    a,
                    aFirst,
                    aStride,
                    b,
                    bFirst,
                    bStride,
                    keep ? 1f : 0f,
                    c,
                    cFirst,
                    cStride);
    }

    /**
     * Cuts a product of {@code extent} rows into an even number of slices of about equal work. OpenBLAS rounds differently
     * when a product is cut differently, so the cut follows from the shape alone.
     */
    private static Launch cut(Launch launch, long n, long k) {
        int m = launch.extent();
        long work = 2 * n * k * m;
        long pieces = work < SHARED_WORK ? 1 : Math.clamp(work / SLICE_WORK, 2, 64);
        if (pieces > 1 && pieces % 2 == 1) pieces++;
        pieces = Math.min(pieces, Math.max(2, m / (work > LARGE_WORK ? FEWEST_ROWS_OF_LARGE : FEWEST_ROWS) / 2 * 2));
        return launch.inSlicesOf((int) ((m + pieces - 1) / pieces));
    }
}
