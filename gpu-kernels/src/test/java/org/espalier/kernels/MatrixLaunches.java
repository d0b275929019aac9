package org.espalier.kernels;

import org.espalier.launch.Launch;

/** Products with matrices, dense and sparse, and what goes with them. */
final class MatrixLaunches {
    private MatrixLaunches() {}

    static void add(Sizes z) {
        dense(z);
        thin(z);
        compressed(z);
        packed(z);
    }

    private static void dense(Sizes z) {
        int s = z.s, n = 11, k = 13;
        z.add(Launch.of("nn", s, MatMul::nn, z.floats(s * n), z.floats(s * k), z.floats(k * n), n, k, z.keep));
        z.add(Launch.of("nt", s, MatMul::nt, z.floats(s * n), z.floats(s * k), z.floats(n * k), n, k, z.keep));
        z.add(Launch.of("tn", s, MatMul::tn, z.floats(s * n), z.floats(k * s), z.floats(k * n), s, n, k, z.keep));
        z.add(Launch.of("wide", 3, MatMul::nt, z.floats(3 * s), z.floats(3 * k), z.floats(s * k), s, k, z.keep));
        z.add(Launch.of("deep", 3, MatMul::nt, z.floats(3 * n), z.floats(3 * s), z.floats(n * s), n, s, z.keep));
        z.add(Launch.of("few", s, FewRows::forward, new float[2 * s], z.floats(s * k), z.floats(2 * k), 2, s, k));
        z.add(Launch.of(
                "diagonal", s, Diagonal::right, z.floats(s * n), z.floats(s * n), z.floats(n), 0.5f, n, z.keep));
        z.add(Launch.of(
                "diagonalGrad",
                s,
                Diagonal::grad,
                z.floats(s),
                z.floats(3 * s),
                z.floats(3 * s),
                z.floats(s),
                0.5f,
                3,
                s,
                z.keep));
        z.add(Launch.of("put", s, Submatrix::put, z.floats((s + 2) * 9), z.floats(s * 5), 1, 3, 5, 9));
        z.add(Launch.of("take", s, Submatrix::take, new float[s * 5], z.floats((s + 2) * 9), 1, 3, 5, 9));
    }

    private static void thin(Sizes z) {
        int s = z.s, rank = 3, group = 2, in = 5;
        z.add(Launch.of(
                "outer",
                s,
                OuterSums::product,
                z.floats(rank * s),
                z.floats(7 * rank),
                z.floats(7 * s),
                7,
                rank,
                s,
                z.keep,
                z.keep));
        z.add(Launch.of("orthogonal", 1, Orthogonality::term, new float[3], z.floats(49), 7, 0.5f, z.keep, 2));
        float[] w = z.floats(group * s * in), a = z.floats(s * in), c = z.floats(group * s);
        z.add(Launch.of("rescale", group * s, Rescale::forward, new float[w.length], w, a, c, in, group, 0.5f));
        z.add(Launch.of("rowGrad", group * s, Rescale::rowGrad, new float[c.length], w, w, a, in, group, 0.5f));
        z.add(Launch.of("columnGrad", s, Rescale::columnGrad, new float[a.length], w, w, c, in, group, 0.5f));
    }

    private static void compressed(Sizes z) {
        int s = z.s, batch = 3, columns = 17;
        int[] start = z.starts(s, 4);
        int kept = Math.max(1, start[s]);
        z.add(Launch.of(
                "compressed",
                s,
                CompressedRows::forward,
                new float[s * batch],
                z.floats(kept),
                start,
                z.below(kept, columns),
                z.floats(columns * batch),
                z.floats(s),
                batch));
        z.add(Launch.of(
                "inputGrad",
                s,
                CompressedRows::inputGrad,
                z.floats(s * batch),
                z.floats(kept),
                start,
                z.below(kept, columns),
                z.below(kept, kept),
                z.floats(columns * batch),
                batch,
                z.keep));
        z.add(Launch.of(
                "valueGrad",
                s,
                CompressedRows::valueGrad,
                z.floats(kept),
                start,
                z.below(kept, columns),
                z.floats(s * batch),
                z.floats(columns * batch),
                batch,
                z.keep));
    }

    /** Rows of 4, 32, 60 and 256 columns: some fill their words of bits, some do not, and loops of some are unrolled as a whole. */
    private static void packed(Sizes z) {
        int s = z.s, batch = 2;
        for (int columns : new int[] {4, 32, 60, 256}) {
            int words = (columns + 31) / 32;
            int[] bits = new int[s * words], start = new int[s + 1];
            for (int r = 0; r < s; r++) {
                start[r + 1] = start[r];
                for (int c = 0; c < columns; c++)
                    if (z.random.nextBoolean()) {
                        bits[r * words + c / 32] |= 1 << c;
                        start[r + 1]++;
                    }
            }
            float[] x = z.floats(batch * columns);
            z.add(Launch.of(
                    "bitmap",
                    s,
                    BitmapRows::forward,
                    new float[batch * s],
                    z.floats(Math.max(1, start[s])),
                    start,
                    bits,
                    x,
                    z.floats(s),
                    batch,
                    s,
                    columns));
            z.add(Launch.of(
                    "two of four",
                    s,
                    TwoOfFourRows::forward,
                    new float[batch * s],
                    z.floats(s * columns / 2),
                    z.random.ints(s * words).toArray(),
                    x,
                    z.floats(s),
                    batch,
                    s,
                    columns));
        }
    }
}
